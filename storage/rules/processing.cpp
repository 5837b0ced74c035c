#include "storage/rules/changer.hpp"
#include "storage/tree/names.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::storage {
namespace {

constexpr std::size_t max_renditions = 4096;
constexpr std::size_t max_thumbhash_chars = 64;
constexpr std::size_t max_code_bytes = 64;
constexpr std::size_t max_message_bytes = 1024;

error stale(const file_record& r, std::uint32_t attempt) {
  return fail(errc::conflict, "attempt " + std::to_string(attempt) + " is over: the file is "
                                + std::string{to_string(r.state)} + ", attempt "
                                + std::to_string(r.attempt));
}

// The whole state machine: what may follow what.
result<> may_go(const file_record& record, const transition& wanted) {
  if (record.deleted_at != 0)
    return fail(errc::conflict, "the file is in the trash");
  const bool retry = record.state == status::failed || record.state == status::cancelled;
  const bool running = record.state == status::registered || record.state == status::processing;
  if (wanted.to == status::processing) {
    if (wanted.attempt < 1)
      return fail(errc::bad_request, "attempts count from 1");
    // A retry by the user counts anew; an attempt that a restart cut short is made again.
    if (retry || (running && wanted.attempt >= record.attempt))
      return {};
    return stale(record, wanted.attempt);
  }
  if (wanted.to != status::failed && wanted.to != status::cancelled)
    return fail(errc::bad_request, "no transition leads to " + std::string{to_string(wanted.to)});
  // Only a running file can end, and an outdated attempt cannot fail it.
  if (!running || (wanted.to == status::failed && wanted.attempt < record.attempt))
    return stale(record, wanted.attempt);
  return {};
}

result<> is_current(const file_record& r, std::uint32_t attempt) {
  if (r.state != status::processing || r.attempt != attempt)
    return stale(r, attempt);
  return {};
}

// A worker says which stored files belong into its archive: only whole ones, and this record's own.
result<> check_splices(const file_record& record, const std::vector<splice>& splices,
                       std::uint64_t own_bytes) {
  if (splices.size() > max_renditions)
    return fail(errc::bad_request, "more splices than any archive has");
  std::uint64_t last = 0;
  for (const auto& s : splices) {
    const auto made = std::find_if(record.renditions.begin(), record.renditions.end(),
                                   [&s](const made_file& m) { return m.name == s.file; });
    const bool is_whole = s.file.empty()
                            ? s.bytes == record.bytes
                            : made != record.renditions.end() && s.bytes == made->bytes;
    if (!is_whole || s.at < last || s.at > own_bytes)
      return fail(errc::bad_request, "an archive with an impossible splice");
    last = s.at;
  }
  return {};
}

} // namespace

result<applied> changer::operator()(const identified& wanted) {
  auto found = find(wanted.id);
  if (!found)
    return fail(found.error());
  auto& r = *found;
  if (r.state != status::registered)
    return fail(errc::conflict, "identified, but " + std::string{to_string(r.state)});
  take_identity(r, wanted.profile, wanted.media_type, wanted.media);
  if (auto ok = rows_.put(r); !ok)
    return fail(ok.error());
  return applied{std::move(r), std::nullopt, {}};
}

result<applied> changer::operator()(const transition& wanted) {
  auto found = find(wanted.id);
  if (!found)
    return fail(found.error());
  auto& r = *found;
  if (auto ok = may_go(r, wanted); !ok)
    return fail(ok.error());
  if (wanted.to == status::processing)
    return begin_attempt(std::move(r), wanted);
  remove_work(r);
  r.state = wanted.to;
  r.now_at = stage::none;
  // A worker's words: they become JSON, and must not break it.
  r.failure.code = clean_text(wanted.failure.code, max_code_bytes);
  r.failure.message = clean_text(wanted.failure.message, max_message_bytes);
  return announce(std::move(r), wanted.to == status::failed ? "file.failed" : "file.cancelled");
}

void changer::remove_work(const file_record& r) {
  steps_.remove_later(work_place(r.id, r.attempt));
  // An early preview that was refused may still be there.
  if (r.attempt == 1)
    steps_.remove_later(work_place(r.id, 0));
}

result<applied> changer::begin_attempt(file_record record, const transition& wanted) {
  remove_published(record);
  if (!wanted.keeps_early || record.attempt > 0)
    remove_work(record);
  if (auto ok = steps_.make_empty(work_place(record.id, wanted.attempt)); !ok)
    return fail(ok.error());
  record.state = status::processing;
  record.attempt = wanted.attempt;
  record.now_at = stage::none;
  record.progress = 0;
  record.preview = {};
  record.renditions.clear();
  record.archive = {};
  record.splices.clear();
  record.failure = {};
  return announce(std::move(record), "file.processing");
}

// The worker that made it may have been taken over: only a plain file of its own, by a plain
// name, is believed, and its size is what it is, not what was said.
result<made_file> changer::take(const place& from, const place& to, made_file file) {
  if (!is_made_name(file.name) || !is_media_type(file.media_type) || !is_sha256(file.sha256))
    return fail(errc::bad_request, "a made file with an impossible name, type or digest");
  auto fd = context_.root.file(from, O_RDONLY);
  if (!fd)
    return fail(fd.error());
  struct stat made {};
  if (::fstat(fd->get(), &made) != 0)
    return fail_errno(errno, "stat " + from.path());
  if (!S_ISREG(made.st_mode) || made.st_nlink != 1)
    return fail(errc::bad_request, from.path() + " is not a plain file with one name");
  if (::fchmod(fd->get(), stored_mode) != 0)
    return fail_errno(errno, "chmod " + from.path());
  if (auto ok = steps_.move(from, to); !ok)
    return fail(ok.error());
  // What was looked at and what was moved must be one: names can be swapped in between.
  auto moved = context_.root.file(to, O_PATH);
  struct stat stored {};
  if (!moved || ::fstat(moved->get(), &stored) != 0 || stored.st_ino != made.st_ino)
    return fail(errc::bad_request, from.path() + " was swapped while it was taken");
  steps_.sync_later(std::move(*fd), from.path());
  file.bytes = static_cast<std::uint64_t>(stored.st_size);
  file.unknown.clear();
  return file;
}

result<applied> changer::operator()(const new_preview& wanted) {
  auto found = find(wanted.id);
  if (!found)
    return fail(found.error());
  auto& r = *found;
  if (auto ok = is_current(r, wanted.attempt); !ok)
    return fail(ok.error());
  if (wanted.preview.thumbhash.size() > max_thumbhash_chars)
    return fail(errc::bad_request, "too long for a thumbhash");
  const auto maker = wanted.is_early ? 0 : r.attempt;
  const place work{work_place(r.id, maker).path(), wanted.preview.file.name};
  auto taken = take(work, preview_place(r.id), wanted.preview.file);
  if (!taken)
    return fail(taken.error());
  if (auto ok = in_folders_of(r, [&] { return steps_.link(preview_place(r.id), preview_link(r)); });
      !ok)
    return fail(ok.error());
  if (wanted.is_early)
    steps_.remove_later(work_place(r.id, maker));
  r.preview = {std::move(*taken), clean_text(wanted.preview.thumbhash, max_thumbhash_chars)};
  if (wanted.profile != profile::other)
    r.profile = wanted.profile;
  take_media(r, wanted.media);
  return announce(std::move(r), "file.preview");
}

result<applied> changer::operator()(const finished_attempt& wanted) {
  auto found = find(wanted.id);
  if (!found)
    return fail(found.error());
  auto& r = *found;
  if (auto ok = is_current(r, wanted.attempt); !ok)
    return fail(ok.error());
  const auto work = work_place(r.id, r.attempt).path();
  if (auto ok = publish_renditions(r, wanted, work); !ok)
    return fail(ok.error());
  if (auto ok = publish_archive(r, wanted, work); !ok)
    return fail(ok.error());
  remove_work(r);
  take_media(r, wanted.media);
  r.state = status::ready;
  r.now_at = stage::none;
  r.progress = 1;
  return announce(std::move(r), "file.ready");
}

result<> changer::publish_renditions(file_record& record, const finished_attempt& wanted,
                                     const std::string& work) {
  if (wanted.renditions.empty())
    return {};
  if (wanted.renditions.size() > max_renditions)
    return fail(errc::bad_request, "more files than any plan makes");
  const auto stored = renditions_place(record.id);
  const auto shown = renditions_link(record);
  if (auto ok = steps_.make_empty(stored); !ok)
    return ok;
  if (auto ok = in_folders_of(record, [&] { return steps_.make(shown); }); !ok)
    return ok;
  std::set<std::string> names;
  for (const auto& file : wanted.renditions) {
    if (!names.insert(file.name).second)
      return fail(errc::bad_request, "two files of one name");
    const place kept{stored.path(), file.name};
    auto taken = take({work, file.name}, kept, file);
    if (!taken)
      return fail(taken.error());
    if (auto ok = steps_.link(kept, {shown.path(), file.name}); !ok)
      return ok;
    record.renditions.push_back(std::move(*taken));
  }
  return {};
}

result<> changer::publish_archive(file_record& record, const finished_attempt& wanted,
                                  const std::string& work) {
  if (wanted.archive.name.empty())
    return {};
  auto taken = take({work, wanted.archive.name}, archive_place(record.id), wanted.archive);
  if (!taken)
    return fail(taken.error());
  if (auto ok = check_splices(record, wanted.splices, taken->bytes); !ok)
    return ok;
  record.archive = std::move(*taken);
  record.splices = wanted.splices;
  for (auto& s : record.splices) {
    s.unknown.clear();
    record.archive.bytes += s.bytes;
  }
  // Without the splices it is no ZIP, so no name in a user's folder may claim that it is one.
  if (!record.splices.empty())
    return {};
  return in_folders_of(record,
                       [&] { return steps_.link(archive_place(record.id), archive_link(record)); });
}

} // namespace mediad::storage
