#include "storage/catalog/listing.hpp"

#include "base/sha256.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/rows.hpp"
#include "storage/catalog/tags.hpp"
#include "storage/tree/names.hpp"

#include <algorithm>
#include <array>

namespace mediad::storage {
namespace {

constexpr std::size_t id_bytes = 26;
constexpr std::size_t number_bytes = 8;
constexpr std::size_t max_position_bytes = 400;
constexpr std::array all_sorts{list_sort::created, list_sort::name, list_sort::size,
                               list_sort::taken};

/// What the order compares, with its end.
std::string compared(const listed_file& file, list_sort by) {
  switch (by) {
  case list_sort::created: return {};
  case list_sort::name: return folded_name(file.name) + '\0';
  case list_sort::size: return number_key(file.bytes);
  case list_sort::taken: return position_of_date(file.date());
  }
  return {};
}

std::vector<std::string> facets_of(const listed_file& file) {
  std::vector<std::string> facets;
  if (file.is_part)
    return facets;
  if (file.deleted_at != 0)
    return {std::string{facet_of_trash}};
  facets = {std::string{facet_of_all}, facet_of(file.profile), facet_of(file.state),
            facet_of_folder(file.user, file.folder)};
  if (file.favourite)
    facets.emplace_back(facet_of_favourites);
  for (const auto& tag : file.tags)
    facets.push_back(facet_of_tag(tag));
  return facets;
}

} // namespace

// One describe() for each struct, as in rows.cpp. That of a listed file names some of the tags of a
// record; all others are unknown to it.

template <class Fields>
void describe(Fields& fields, listed_file& file) {
  fields(record_tag::user, file.user);
  fields(record_tag::name, file.name);
  fields(record_tag::profile, file.profile);
  fields(record_tag::bytes, file.bytes);
  fields(record_tag::state, file.state);
  fields(record_tag::created_at, file.created_at);
  fields(record_tag::is_part, file.is_part, false);
  fields(record_tag::folder, file.folder);
  fields(record_tag::deleted_at, file.deleted_at, unix_ms{0});
  fields(record_tag::taken_at, file.taken_at, unix_ms{0});
  fields(record_tag::tags, file.tags);
  fields(record_tag::favourite, file.favourite, false);
}

template <class Fields>
void describe(Fields& f, tag_row& t) {
  f(tag_tag::name, t.name);
  f(tag_tag::files, t.files);
}

template <class Fields>
void describe(Fields& f, relisting_row& r) {
  f(relisting_tag::seq, r.seq);
  f(relisting_tag::after, r.after);
}

listed_file listed_file::of(const file_record& record) {
  listed_file file;
  file.id = record.id;
  file.user = record.user;
  file.name = record.name;
  file.profile = record.profile;
  file.bytes = record.bytes;
  file.state = record.state;
  file.created_at = record.created_at;
  file.is_part = record.is_part;
  file.folder = record.folder;
  file.deleted_at = record.deleted_at;
  file.taken_at = record.taken_at;
  file.tags = record.tags;
  file.favourite = record.favourite;
  return file;
}

result<listed_file> parse_listed(std::string_view id, std::string_view value) {
  return from_value_of<listed_file>(id, value, "files");
}

std::string encode(const tag_row& t) {
  return to_value(t);
}

result<tag_row> parse_tag(std::string_view value) {
  return from_value<tag_row>(value, "tags");
}

std::string encode(const relisting_row& r) {
  return to_value(r);
}

result<relisting_row> parse_relisting(std::string_view value) {
  return from_value<relisting_row>(value, "meta");
}

std::string folded_tag(std::string_view tag) {
  return folded_name(tag);
}

std::string facet_of(profile p) {
  return {'p', static_cast<char>('0' + static_cast<int>(p))};
}

std::string facet_of(status s) {
  switch (s) {
  case status::receiving:
  case status::registered:
  case status::processing: return "so";
  case status::ready: return "sr";
  case status::failed: return "sf";
  case status::cancelled: return "sc";
  }
  return "so";
}

bool has_own_facet(status s) {
  return is_terminal(s);
}

std::string facet_of_folder(std::string_view user, std::string_view folder) {
  return std::string{'f'}.append(folder.empty() ? user : folder);
}

std::string facet_of_tag(std::string_view tag) {
  // Of one length, so that no tag's keys stand among another's.
  constexpr std::size_t digits = 32;
  sha256 hash;
  hash.update(folded_tag(tag));
  return std::string{'t'}.append(std::move(hash).hex(), 0, digits);
}

std::string list_prefix(std::string_view user, std::string_view facet, list_sort by) {
  return std::string{user}.append(facet).append(1, static_cast<char>(by));
}

std::string position_of_date(unix_ms date) {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
  return number_key(static_cast<std::uint64_t>(date) ^ sign);
}

std::string list_position(const listed_file& file, list_sort by) {
  return compared(file, by).append(file.id);
}

bool is_list_position(std::string_view text, list_sort by) {
  if (text.size() < id_bytes || text.size() > max_position_bytes)
    return false;
  const auto before = text.size() - id_bytes;
  if (!is_ulid(text.substr(before)))
    return false;
  switch (by) {
  case list_sort::created: return before == 0;
  case list_sort::name: return before > 0 && text[before - 1] == '\0';
  case list_sort::size:
  case list_sort::taken: return before == number_bytes;
  }
  return false;
}

std::string_view id_of_position(std::string_view key) {
  return key.substr(key.size() - std::min(key.size(), id_bytes));
}

std::vector<std::string> list_keys(const listed_file& file) {
  std::vector<std::string> keys;
  const auto facets = facets_of(file);
  for (const auto by : all_sorts) {
    const auto position = list_position(file, by);
    for (const auto& facet : facets)
      keys.push_back(list_prefix(file.user, facet, by) + position);
  }
  std::sort(keys.begin(), keys.end());
  // Two tags may fold to the same.
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

} // namespace mediad::storage
