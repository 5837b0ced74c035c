#include "storage/catalog/catalog.hpp"

#include "storage/tree/names.hpp"

#include <algorithm>

namespace mediad::storage {
namespace {

constexpr std::string_view last_seq_key = "last_seq";
constexpr std::size_t id_bytes = 26;

bool is_unfinished(status s) {
  return s == status::registered || s == status::processing;
}

/// What a record counts for: nothing until it is a file.
usage taken_by(const file_record& r) {
  usage taken;
  if (r.state == status::receiving)
    return taken;
  taken.files = 1;
  taken.bytes = r.bytes;
  return taken;
}

} // namespace

std::string user_key(std::string_view user, std::string_view id_or_request_key) {
  return std::string{user}.append(id_or_request_key);
}

std::string_view user_of(std::string_view key) {
  return key.substr(0, id_bytes);
}

std::string_view after_user(std::string_view key) {
  return key.substr(std::min(key.size(), id_bytes));
}

std::string folder_key(std::string_view user, std::string_view folder) {
  return user_key(user, folder.empty() ? user : folder);
}

std::string link_key(std::string_view user, std::string_view folder, std::string_view name) {
  return folder_key(user, folder).append(folded_name(name));
}

result<file_record> catalog_reader::find(std::string_view id) const {
  const auto text = reading_.get(tables_.files, id);
  if (!text)
    return fail(text.error());
  if (!*text)
    return fail(errc::not_found, "no file " + std::string{id});
  auto r = parse_record(id, **text);
  if (r)
    if (auto ok = add_names(*r); !ok)
      return fail(ok.error());
  return r;
}

result<> catalog_reader::add_names(file_record& r) const {
  auto user = find_user(r.user);
  if (!user)
    return fail(user.error());
  r.user_name = std::move(user->name);
  // A folder may be gone of what has no name in it: of what is in the trash, and of an upload that
  // arrives.
  if ((r.deleted_at != 0 || r.state == status::receiving) && !r.folder.empty()) {
    const auto folder = find_folder(r.folder);
    if (!folder && folder.error().code == errc::not_found)
      return {};
  }
  auto path = folder_path(r.folder);
  if (!path)
    return fail(path.error());
  r.folder_path = std::move(*path);
  return {};
}

result<std::optional<blob>> catalog_reader::find_blob(std::string_view sha256) const {
  const auto value = reading_.get(tables_.blobs, sha256);
  if (!value)
    return fail(value.error());
  if (!*value)
    return std::optional<blob>{};
  auto found = parse_blob(**value);
  if (!found)
    return fail(found.error());
  return std::optional{std::move(*found)};
}

result<std::optional<link_row>> catalog_reader::find_link(std::string_view user,
                                                          std::string_view folder,
                                                          std::string_view name) const {
  const auto value = reading_.get(tables_.links, link_key(user, folder, name));
  if (!value)
    return fail(value.error());
  if (!*value)
    return std::optional<link_row>{};
  auto row = parse_link(**value);
  if (!row)
    return fail(row.error());
  return std::optional{std::move(*row)};
}

result<counter_row> catalog_reader::find_counter(std::string_view name) const {
  const auto value = reading_.get(tables_.meta, name);
  if (!value)
    return fail(value.error());
  return *value ? parse_counter(**value) : counter_row{};
}

result<std::uint64_t> catalog_reader::counter(std::string_view name) const {
  const auto row = find_counter(name);
  return row ? result<std::uint64_t>{row->number} : fail(row.error());
}

result<> catalog::put_counter(std::string_view name, std::uint64_t n) {
  auto row = find_counter(name);
  if (!row)
    return fail(row.error());
  row->number = n;
  return writing_.put(tables_.meta, name, encode(*row));
}

result<std::uint64_t> catalog_reader::last_seq() const {
  return counter(last_seq_key);
}

result<> catalog::put_link(std::string_view user, std::string_view folder, link_row row) {
  return writing_.put(tables_.links, link_key(user, folder, row.name), encode(row));
}

result<> catalog::put(const file_record& record, std::string_view value) {
  const auto place = user_key(record.user, record.id);
  const auto known = reading_.get(tables_.by_user, place);
  const auto listed = find_listed(record.id);
  if (!known || !listed)
    return fail(known ? listed.error() : known.error());
  auto entry = catalog_entry::of(record);
  // A file's size never changes, and its link not by this.
  usage before;
  bool is_linked = false;
  if (*known) {
    auto old = parse_entry(**known);
    if (!old)
      return fail(old.error());
    entry.unknown = std::move(old->unknown);
    is_linked = old->state != status::receiving;
    if (is_linked)
      before = taken_by(record);
  }
  auto done = count(record.user, before, taken_by(record));
  if (done)
    done = writing_.put(tables_.files, record.id, value);
  if (done)
    done = writing_.put(tables_.by_user, place, encode(entry));
  if (done)
    done = relist(*listed, listed_file::of(record));
  if (done)
    done = put_tile(*listed, &record);
  if (done && !is_linked && !record.link_name.empty()) {
    link_row link;
    link.id = record.id;
    link.name = record.link_name;
    done = put_link(record.user, record.folder, std::move(link));
  }
  if (!done)
    return done;
  if (is_unfinished(record.state))
    return writing_.put(tables_.unfinished, record.id, {});
  if (auto gone = writing_.erase(tables_.unfinished, record.id); !gone)
    return fail(gone.error());
  return {};
}

result<> catalog::put_moved(const file_record& before, const file_record& record) {
  auto link = find_link(before.user, before.folder, before.link_name);
  if (!link)
    return fail(link.error());
  auto row = std::move(*link).value_or(link_row{});
  if (!*link)
    row.id = record.id;
  row.name = record.link_name;
  if (!before.link_name.empty())
    if (auto gone =
          writing_.erase(tables_.links, link_key(before.user, before.folder, before.link_name));
        !gone)
      return fail(gone.error());
  if (!record.link_name.empty())
    if (auto ok = put_link(record.user, record.folder, std::move(row)); !ok)
      return ok;
  return put(record);
}

result<> catalog::erase(const file_record& record) {
  const auto listed = find_listed(record.id);
  if (!listed)
    return fail(listed.error());
  if (auto ok = relist(*listed, std::nullopt); !ok)
    return ok;
  if (auto ok = put_tile(*listed, nullptr); !ok)
    return ok;
  auto gone = writing_.erase(tables_.files, record.id);
  if (gone)
    gone = writing_.erase(tables_.by_user, user_key(record.user, record.id));
  if (gone)
    gone = writing_.erase(tables_.unfinished, record.id);
  if (gone && !record.link_name.empty())
    gone = writing_.erase(tables_.links, link_key(record.user, record.folder, record.link_name));
  if (!gone)
    return fail(gone.error());
  if (auto ok = count(record.user, taken_by(record), {}); !ok)
    return ok;
  if (!record.request_key.empty())
    if (auto ok = release_key(record.user, record.request_key, record.id); !ok)
      return ok;
  return erase_upload(record.id);
}

result<> catalog::put_blob(std::string_view sha256, const blob& b) {
  return writing_.put(tables_.blobs, sha256, encode(b));
}

result<> catalog::add_blob_user(std::string_view sha256, std::uint64_t bytes) {
  auto found = find_blob(sha256);
  if (!found)
    return fail(found.error());
  auto now = std::move(*found).value_or(blob{});
  if (!*found)
    now.bytes = bytes;
  ++now.users;
  return put_blob(sha256, now);
}

result<bool> catalog::drop_blob_user(std::string_view sha256) {
  auto found = find_blob(sha256);
  if (!found)
    return fail(found.error());
  if (!*found)
    return fail(errc::internal, "no blob " + std::string{sha256});
  if (--(*found)->users == 0)
    return writing_.erase(tables_.blobs, sha256);
  if (auto ok = put_blob(sha256, **found); !ok)
    return fail(ok.error());
  return false;
}

result<> catalog::put_last_seq(std::uint64_t n) {
  auto row = find_counter(last_seq_key);
  if (!row)
    return fail(row.error());
  const bool is_listed = row->listed == row->number;
  row->number = n;
  if (is_listed)
    row->listed = n;
  return writing_.put(tables_.meta, last_seq_key, encode(*row));
}

result<> catalog::put_event(const event& e, std::string_view file) {
  if (auto ok = writing_.put(tables_.events, number_key(e.seq), encode(e, file)); !ok)
    return ok;
  return put_last_seq(e.seq);
}

result<> catalog::trim_events(std::uint64_t keep, std::size_t at_most) {
  const auto last = last_seq();
  if (!last)
    return fail(last.error());
  for (; at_most > 0; --at_most) {
    std::string key;
    {
      auto walk = writing_.walk(tables_.events);
      if (!walk)
        return fail(walk.error());
      const auto oldest = walk->first();
      if (!oldest)
        return fail(oldest.error());
      if (!*oldest)
        return {};
      key = (*oldest)->key;
    }
    const auto seq = parse_number_key(key);
    if (!seq)
      return fail(seq.error());
    if (*seq + keep > *last)
      return {};
    if (auto gone = writing_.erase(tables_.events, key); !gone)
      return fail(gone.error());
  }
  return {};
}

} // namespace mediad::storage
