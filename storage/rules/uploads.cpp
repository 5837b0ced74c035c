#include "base/log.hpp"
#include "base/ulid.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/layout.hpp"
#include "storage/tree/names.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace mediad::storage {
namespace {

/// @returns a regular file of @p bytes bytes that has one name only, fit to be stored.
result<unique_fd> open_staged(const folders& root, const place& staged, std::uint64_t bytes) {
  auto fd = root.file(staged, O_RDONLY);
  if (!fd)
    return fail(fd.error());
  struct stat about {};
  if (::fstat(fd->get(), &about) != 0)
    return fail_errno(errno, "stat " + staged.path());
  if (!S_ISREG(about.st_mode) || about.st_nlink != 1)
    return fail(errc::storage_io, staged.path() + " is not a file of our own");
  if (static_cast<std::uint64_t>(about.st_size) != bytes)
    return fail(errc::storage_io, staged.path() + " has " + std::to_string(about.st_size)
                                    + " bytes, not " + std::to_string(bytes));
  if ((about.st_mode & 07777U) != stored_mode && ::fchmod(fd->get(), stored_mode) != 0)
    return fail_errno(errno, "chmod " + staged.path());
  return fd;
}

result<> set_date(int file, unix_ms modified_at) {
  if (modified_at == 0)
    return {};
  const auto second = second_of(modified_at);
  const std::array<timespec, 2> dates{timespec{0, UTIME_OMIT},
                                      timespec{second, (modified_at - second * 1000) * 1'000'000}};
  return ::futimens(file, dates.data()) == 0 ? result<>{} : fail_errno(errno, "date an upload");
}

std::optional<std::uint64_t> size_of_stored(const folders& root, const place& stored) {
  const auto there = root.look(stored);
  if (!there || !*there || !(*there)->is_regular)
    return std::nullopt;
  return (*there)->bytes;
}

} // namespace

result<file_record> changer::find(std::string_view id) const {
  if (!is_ulid(id))
    return fail(errc::not_found, "no id");
  return rows_.find(id);
}

result<applied> changer::announce(file_record r, std::string_view type) {
  return storage::announce(rows_, std::move(r), type, now_);
}

result<applied> announce(catalog& rows, file_record record, std::string_view type, unix_ms now) {
  const auto last = rows.last_seq();
  if (!last)
    return fail(last.error());
  record.updated_at = now;
  record.seq = *last + 1;
  event announced;
  announced.seq = record.seq;
  announced.type = type;
  announced.file_id = record.id;
  announced.user = record.user;
  announced.at = now;
  const auto value = encode(record);
  if (auto ok = rows.put_event(announced, value); !ok)
    return fail(ok.error());
  if (type != "file.deleted")
    if (auto ok = rows.put(record, value); !ok)
      return fail(ok.error());
  announced.file = record;
  if (auto ok = rows.add_audience(announced); !ok)
    return fail(ok.error());
  return applied{std::move(record), std::move(announced), {}};
}

error other_than_wanted(const file_record& r) {
  return fail(errc::other_profile, "is of the profile " + std::string{to_string(r.profile)});
}

result<applied> changer::operator()(const arrival& wanted) {
  auto found = begun_or_fresh(wanted);
  if (!found)
    return fail(found.error());
  auto& r = *found;
  if (!is_sha256(wanted.sha256))
    return fail(errc::bad_request, "not a SHA-256");
  if (r.state != status::receiving) {
    if (r.sha256 != wanted.sha256)
      return fail(errc::conflict, "registered already, with other bytes");
    return applied{std::move(r), std::nullopt, {}};
  }
  if (const auto at = position_in(r.user, r.folder, {}); !at)
    return fail(at.error());
  if (auto room = check_room(); !room)
    return fail(room.error());
  const auto held = held_for(r.id, {});
  if (!held)
    return fail(held.error());
  if (auto ok = check_quota(r.user, wanted.bytes, *held); !ok)
    return fail(ok.error());
  r.sha256 = wanted.sha256;
  r.bytes = wanted.bytes;
  take_identity(r, wanted.profile, wanted.media_type, wanted.media);
  if (!is_among(r.profile, wanted.profiles))
    return fail(other_than_wanted(r));
  if (auto ok = count_sent(r); !ok)
    return fail(ok.error());
  if (auto ok = store_bytes(wanted, r.modified_at); !ok)
    return fail(ok.error());
  if (auto ok = link_original(r); !ok)
    return fail(ok.error());
  r.state = status::registered;
  if (auto ok = complete_upload(r); !ok)
    return fail(ok.error());
  return announce(std::move(r), "file.registered");
}

/// @param modified_at  the date that the stored file gets, if it is new; 0: none.
result<> changer::store_bytes(const arrival& wanted, unix_ms modified_at) {
  const auto staged = staging_place(wanted.id);
  auto file = open_staged(context_.root, staged, wanted.bytes);
  if (!file)
    return fail(file.error());
  const auto known = rows_.find_blob(wanted.sha256);
  if (!known)
    return fail(known.error());
  const auto stored = blob_place(wanted.sha256);
  const auto there = *known ? size_of_stored(context_.root, stored) : std::nullopt;
  if (there == wanted.bytes && !wanted.replaces_stored) {
    steps_.remove_later(staged);
  } else {
    if (*known)
      log::error(wanted.id, "the store's " + stored.path() + " is missing or damaged: replaced");
    if (auto ok = set_date(file->get(), modified_at); !ok)
      return ok;
    if (auto ok = steps_.link_late(staged, stored); !ok)
      return ok;
  }
  return rows_.add_blob_user(wanted.sha256, wanted.bytes);
}

/// Whether the name that @p r would have in its folder is another file's or folder's, or a
/// person's.
result<bool> changer::is_taken(const file_record& record) const {
  const auto owner = rows_.find_link(record.user, record.folder, record.link_name);
  if (!owner)
    return fail(owner.error());
  // One that is renamed may have the same name in another case.
  const bool is_others = *owner && (*owner)->id != record.id;
  if (is_others || steps_.exists(original_link(record)))
    return true;
  for (const auto suffix : {preview_suffix, archive_suffix}) {
    const auto made =
      rows_.find_link(record.user, record.folder, record.link_name + std::string{suffix});
    if (!made)
      return fail(made.error());
    if (*made && (*made)->is_folder)
      return true;
  }
  return false;
}

result<> changer::link_original(file_record& record) {
  error broken;
  const auto taken = [&](std::size_t n) {
    record.link_name = numbered_name(record.name, n);
    const auto is_it = is_taken(record);
    if (!is_it)
      broken = is_it.error();
    return !is_it || *is_it;
  };
  // With thousands of one name, counting up would take longer each time: leap to a free number,
  // then halve the way back to one that follows a taken one.
  constexpr std::size_t too_many = std::size_t{1} << 30U;
  std::size_t used = 0;
  std::size_t unused = 1;
  while (taken(unused)) {
    used = unused;
    unused *= 2;
    if (!broken.detail.empty() || unused > too_many)
      return fail(broken.detail.empty() ? fail(errc::conflict, "no free name") : broken);
  }
  while (unused - used > 1) {
    const auto middle = used + (unused - used) / 2;
    (taken(middle) ? used : unused) = middle;
  }
  record.link_name = numbered_name(record.name, unused);
  return in_folders_of(
    record, [&] { return steps_.link_new(blob_place(record.sha256), original_link(record)); });
}

void changer::hide_made(const file_record& record) {
  if (!has_names(record))
    return;
  if (record.preview.exists())
    steps_.remove_later(preview_link(record));
  if (!record.renditions.empty()) {
    // Whatever else a person keeps in that folder stays.
    for (const auto& file : record.renditions)
      steps_.remove_later({renditions_link(record).path(), file.name});
    steps_.remove_if_empty_later(renditions_link(record));
  }
  if (!record.archive.name.empty() && record.splices.empty())
    steps_.remove_later(archive_link(record));
}

void changer::remove_published(const file_record& record) {
  hide_made(record);
  if (record.preview.exists())
    steps_.remove_later(preview_place(record.id));
  if (!record.renditions.empty())
    steps_.remove_later(renditions_place(record.id));
  if (!record.archive.name.empty())
    steps_.remove_later(archive_place(record.id));
}

result<applied> changer::operator()(const removal& wanted) {
  auto found = find(wanted.id);
  if (!found)
    return fail(found.error());
  if (auto ok = take_away(*found); !ok)
    return fail(ok.error());
  if (found->state == status::receiving)
    return applied{std::move(*found), std::nullopt, {}};
  return announce(*std::move(found), "file.deleted");
}

/// Removes the record and all that came of it, and tells nobody.
result<> changer::take_away(const file_record& r) {
  if (auto ok = rows_.erase(r); !ok)
    return ok;
  if (r.state == status::receiving) {
    steps_.remove_later(staging_place(r.id));
    steps_.remove_later(work_place(r.id, 0));
    return {};
  }
  const auto last = rows_.drop_blob_user(r.sha256);
  if (!last)
    return fail(last.error());
  remove_published(r);
  if (has_names(r))
    steps_.remove_later(original_link(r));
  remove_work(r);
  const auto blob = blob_place(r.sha256);
  if (*last)
    steps_.remove_later(blob);
  if (const auto staged = staging_place(r.id); steps_.is_late(staged)) {
    // Other records may share the bytes; without this one, no record would name the staged file.
    if (!*last)
      if (auto ok = steps_.sync_too(blob.folder); !ok)
        return fail(ok.error());
    steps_.remove_later(staged);
  }
  return {};
}

/// An event that is about no file.
result<event> changer::next_event(std::string_view type, const std::string& user) const {
  const auto last = rows_.last_seq();
  if (!last)
    return fail(last.error());
  event next;
  next.seq = *last + 1;
  next.type = type;
  next.user = user;
  next.at = now_;
  return next;
}

result<applied> changer::operator()(const notice& wanted) {
  auto announced = next_event("notice", wanted.user);
  if (!announced)
    return fail(announced.error());
  announced->message = wanted.text;
  if (!wanted.user.empty())
    if (auto known = rows_.find_user(wanted.user); !known)
      return fail(known.error());
  if (auto ok = rows_.put_event(*announced, {}); !ok)
    return fail(ok.error());
  return applied{{}, std::move(*announced), {}};
}

} // namespace mediad::storage
