#include "storage/catalog/catalog.hpp"

#include "base/record_json.hpp"

#include <array>

namespace mediad::storage {
namespace {

constexpr std::string_view last_seq_key = "last_seq";
constexpr char separator = '\0';

constexpr unsigned preview_bit = 1;
constexpr unsigned renditions_bit = 2;
constexpr unsigned archive_bit = 4;
constexpr unsigned part_bit = 8;
constexpr unsigned spliced_bit = 16;

bool is_unfinished(status s) {
  return s == status::registered || s == status::processing;
}

error damaged(std::string_view table) {
  return fail(errc::internal, "damaged row in table " + std::string{table});
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

catalog_entry catalog_entry::of(const file_record& r) {
  return {r.state,
          r.profile,
          r.preview.exists(),
          !r.renditions.empty(),
          !r.archive.name.empty(),
          !r.splices.empty(),
          r.is_part};
}

std::string number_key(std::uint64_t n) {
  std::string key(sizeof n, '\0');
  for (auto i = key.size(); i-- > 0; n >>= 8U)
    key[i] = static_cast<char>(n & 255U);
  return key;
}

result<std::uint64_t> parse_number(std::string_view key) {
  std::uint64_t n = 0;
  if (key.size() != sizeof n)
    return damaged("of numbers");
  for (const char c : key)
    n = (n << 8U) | static_cast<unsigned char>(c);
  return n;
}

std::string user_key(std::string_view user, std::string_view id_or_link) {
  std::string key{user};
  key += separator;
  return key.append(id_or_link);
}

std::string_view user_of(std::string_view key) {
  return key.substr(0, key.find(separator));
}

std::string_view after_user(std::string_view key) {
  return key.substr(std::min(key.size(), user_of(key).size() + 1));
}

std::string encode(const catalog_entry& e) {
  const auto made = (e.has_preview ? preview_bit : 0U) | (e.has_renditions ? renditions_bit : 0U)
                    | (e.has_archive ? archive_bit : 0U) | (e.is_part ? part_bit : 0U)
                    | (e.is_spliced ? spliced_bit : 0U);
  return {static_cast<char>(e.state), static_cast<char>(e.profile), static_cast<char>(made)};
}

result<catalog_entry> parse_entry(std::string_view value) {
  if (value.size() != 3)
    return damaged("by_user");
  const auto made = static_cast<unsigned char>(value[2]);
  catalog_entry e;
  e.state = static_cast<status>(value[0]);
  e.profile = static_cast<profile>(value[1]);
  e.has_preview = (made & preview_bit) != 0;
  e.has_renditions = (made & renditions_bit) != 0;
  e.has_archive = (made & archive_bit) != 0;
  e.is_spliced = (made & spliced_bit) != 0;
  e.is_part = (made & part_bit) != 0;
  return e;
}

result<blob> parse_blob(std::string_view value) {
  if (value.size() != 2 * sizeof(std::uint64_t))
    return damaged("blobs");
  return blob{*parse_number(value.substr(0, sizeof(std::uint64_t))),
              *parse_number(value.substr(sizeof(std::uint64_t)))};
}

result<event> parse_event(std::string_view key, std::string_view value) {
  event e;
  const auto seq = parse_number(key);
  if (!seq)
    return fail(seq.error());
  e.seq = *seq;
  const std::array<std::string*, 3> words{&e.type, &e.file_id, &e.user};
  for (auto* word : words) {
    const auto end = value.find(separator);
    if (end == std::string_view::npos)
      return damaged("events");
    *word = value.substr(0, end);
    value.remove_prefix(end + 1);
  }
  e.text = value;
  return e;
}

result<file_record> catalog_reader::find(std::string_view id) const {
  const auto text = reading_.get(tables_.files, id);
  if (!text)
    return fail(text.error());
  if (!*text)
    return fail(errc::not_found, "no file " + std::string{id});
  return parse_stored(**text);
}

result<std::optional<blob>> catalog_reader::find_blob(std::string_view sha256) const {
  const auto value = reading_.get(tables_.blobs, sha256);
  if (!value)
    return fail(value.error());
  if (!*value)
    return std::optional<blob>{};
  const auto found = parse_blob(**value);
  if (!found)
    return fail(found.error());
  return std::optional{*found};
}

result<std::string> catalog_reader::link_owner(std::string_view user,
                                               std::string_view link_name) const {
  const auto value = reading_.get(tables_.links, user_key(user, link_name));
  if (!value)
    return fail(value.error());
  return *value ? std::string{**value} : std::string{};
}

result<std::uint64_t> catalog_reader::last_seq() const {
  const auto value = reading_.get(tables_.meta, last_seq_key);
  if (!value)
    return fail(value.error());
  return *value ? parse_number(**value) : result<std::uint64_t>{0};
}

result<> catalog::put(const file_record& r) {
  const auto place = user_key(r.user, r.id);
  const auto entry = reading_.get(tables_.by_user, place);
  if (!entry)
    return fail(entry.error());
  // A file's size never changes.
  usage before;
  if (*entry) {
    const auto known = parse_entry(**entry);
    if (!known)
      return fail(known.error());
    if (known->state != status::receiving)
      before = taken_by(r);
  }
  auto done = count(r.user, before, taken_by(r));
  if (done)
    done = writing_.put(tables_.files, r.id, stored_json(r));
  if (done)
    done = writing_.put(tables_.by_user, place, encode(catalog_entry::of(r)));
  if (done && !r.link_name.empty())
    done = writing_.put(tables_.links, user_key(r.user, r.link_name), r.id);
  if (!done)
    return done;
  if (is_unfinished(r.state))
    return writing_.put(tables_.unfinished, r.id, {});
  if (auto gone = writing_.erase(tables_.unfinished, r.id); !gone)
    return fail(gone.error());
  return {};
}

result<> catalog::erase(const file_record& r) {
  auto gone = writing_.erase(tables_.files, r.id);
  if (gone)
    gone = writing_.erase(tables_.by_user, user_key(r.user, r.id));
  if (gone)
    gone = writing_.erase(tables_.unfinished, r.id);
  if (gone && !r.link_name.empty())
    gone = writing_.erase(tables_.links, user_key(r.user, r.link_name));
  if (!gone)
    return fail(gone.error());
  if (auto ok = count(r.user, taken_by(r), {}); !ok)
    return ok;
  if (!r.request_key.empty())
    if (auto ok = release_key(r.user, r.request_key, r.id); !ok)
      return ok;
  return erase_upload(r.id);
}

result<> catalog::add_blob_user(std::string_view sha256, std::uint64_t bytes) {
  const auto found = find_blob(sha256);
  if (!found)
    return fail(found.error());
  const auto now = *found ? blob{(*found)->bytes, (*found)->users + 1} : blob{bytes, 1};
  return writing_.put(tables_.blobs, sha256, number_key(now.bytes) + number_key(now.users));
}

result<bool> catalog::drop_blob_user(std::string_view sha256) {
  const auto found = find_blob(sha256);
  if (!found)
    return fail(found.error());
  if (!*found)
    return fail(errc::internal, "no blob " + std::string{sha256});
  if ((*found)->users == 1)
    return writing_.erase(tables_.blobs, sha256);
  const auto value = number_key((*found)->bytes) + number_key((*found)->users - 1);
  if (auto ok = writing_.put(tables_.blobs, sha256, value); !ok)
    return fail(ok.error());
  return false;
}

result<> catalog::put_event(const event& e) {
  std::string value;
  value.reserve(e.type.size() + e.file_id.size() + e.user.size() + e.text.size() + 3);
  for (const auto* word : {&e.type, &e.file_id, &e.user})
    value.append(*word) += separator;
  value += e.text;
  if (auto ok = writing_.put(tables_.events, number_key(e.seq), value); !ok)
    return ok;
  return writing_.put(tables_.meta, last_seq_key, number_key(e.seq));
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
    const auto seq = parse_number(key);
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
