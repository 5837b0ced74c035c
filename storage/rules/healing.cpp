#include "base/log.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/names.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

/// What an inspection has found out about stored bytes.
namespace mediad::storage {

result<applied> changer::operator()(const restored& wanted) {
  const place from{work_folder, wanted.name};
  if (!is_sha256(wanted.sha256) || !is_made_name(wanted.name))
    return fail(errc::bad_request, "no digest, or no name in the work folder");
  const auto known = rows_.find_blob(wanted.sha256);
  if (!known)
    return fail(known.error());
  steps_.remove_later(from);
  if (!*known)
    return applied{};
  const auto stored = blob_place(wanted.sha256);
  const auto there = context_.root.look(stored);
  if (!there)
    return fail(there.error());
  if (*there && (*there)->is_regular && (*there)->bytes == (*known)->bytes
      && (*there)->inode != wanted.bad_inode)
    return applied{};
  auto fd = context_.root.file(from, O_RDONLY);
  if (!fd)
    return fail(fd.error());
  struct stat about {};
  if (::fstat(fd->get(), &about) != 0 || !S_ISREG(about.st_mode)
      || static_cast<std::uint64_t>(about.st_size) != (*known)->bytes)
    return fail(errc::bad_request, from.path() + " is not the file that was read");
  if (::fchmod(fd->get(), stored_mode) != 0)
    return fail_errno(errno, "chmod " + from.path());
  if (auto ok = steps_.move(from, stored); !ok)
    return fail(ok.error());
  steps_.sync_later(std::move(*fd), stored.path());
  auto now = **known;
  now.verified_at = now_;
  if (auto ok = rows_.put_blob(wanted.sha256, now); !ok)
    return fail(ok.error());
  applied done;
  done.made = 1;
  return done;
}

result<applied> changer::operator()(const lost_results& wanted) {
  auto found = find(wanted.id);
  if (!found && found.error().code == errc::not_found)
    return applied{};
  if (!found)
    return fail(found.error());
  auto& r = *found;
  if (r.seq != wanted.seq || !is_terminal(r.state) || r.deleted_at != 0)
    return applied{};
  remove_published(r);
  r.preview = {};
  r.renditions.clear();
  r.archive = {};
  r.splices.clear();
  if (r.state != status::cancelled) {
    r.state = status::registered;
    r.now_at = stage::none;
    r.progress = 0;
    r.attempt = 0;
    r.failure = {};
  }
  if (auto ok = rows_.put(r); !ok)
    return fail(ok.error());
  return applied{std::move(r), std::nullopt, {}};
}

/// Whether the stored file of @p r is missing, has another length, or cannot be looked at.
bool changer::is_harmed(const file_record& r) const {
  const auto there = context_.root.look(blob_place(r.sha256));
  return !there || !*there || !(*there)->is_regular || (*there)->bytes != r.bytes;
}

result<applied> changer::operator()(const found_damage& wanted) {
  auto r = find(wanted.id);
  if (!r && r.error().code == errc::not_found)
    return applied{};
  if (!r)
    return fail(r.error());
  if (r->harm == wanted.what || r->state == status::receiving)
    return applied{};
  if ((wanted.what == damage::missing || wanted.what == damage::cut) && !is_harmed(*r))
    return applied{};
  r->harm = wanted.what;
  if (auto ok = rows_.put(*r); !ok)
    return fail(ok.error());
  return applied{std::move(*r), std::nullopt, {}};
}

result<applied> changer::operator()(const verified& wanted) {
  for (const auto& digest : wanted.digests) {
    auto known = rows_.find_blob(digest);
    if (!known)
      return fail(known.error());
    if (!*known)
      continue;
    (*known)->verified_at = now_;
    if (auto ok = rows_.put_blob(digest, **known); !ok)
      return fail(ok.error());
  }
  return applied{};
}

result<applied> changer::operator()(const recount&) {
  const auto done = rows_.count_usage_again();
  return done ? result<applied>{applied{}} : fail(done.error());
}

result<applied> changer::operator()(const unlisted&) {
  const auto done = rows_.distrust_lists();
  return done ? result<applied>{applied{}} : fail(done.error());
}

} // namespace mediad::storage
