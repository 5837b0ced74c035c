#include "storage/catalog/rows.hpp"

#include "storage/catalog/tags.hpp"
#include "storage/catalog/usage.hpp"

namespace mediad::storage {

namespace {

constexpr unsigned preview_bit = 1;
constexpr unsigned renditions_bit = 2;
constexpr unsigned archive_bit = 4;
constexpr unsigned part_bit = 8;
constexpr unsigned spliced_bit = 16;

/// A catalog_entry as it is stored.
struct packed_entry {
  status state = status::receiving;
  mediad::profile profile = mediad::profile::other;
  unsigned made = 0;
  unix_ms deleted_at = 0;
  unix_ms date = 0;
  std::string unknown;
};

struct user_name_row {
  std::string id;
  std::string unknown;
};

} // namespace

// One struct each: what is stored of it. Found by argument-dependent look-up from tagged.hpp, as
// the fields are of this namespace.

template <class Fields>
void describe(Fields& f, packed_entry& e) {
  f(entry_tag::state, e.state);
  f(entry_tag::profile, e.profile);
  f(entry_tag::made, e.made);
  f(entry_tag::deleted_at, e.deleted_at, unix_ms{0});
  f(entry_tag::date, e.date, unix_ms{0});
}

template <class Fields>
void describe(Fields& f, blob& b) {
  f(blob_tag::bytes, b.bytes);
  f(blob_tag::users, b.users);
  f(blob_tag::verified_at, b.verified_at, unix_ms{0});
}

template <class Fields>
void describe(Fields& f, usage& u) {
  f(usage_tag::bytes, u.bytes);
  f(usage_tag::files, u.files);
  f(usage_tag::open_bytes, u.open_bytes);
  f(usage_tag::open_uploads, u.open_uploads);
}

template <class Fields>
void describe(Fields& fields, upload_state& upload) {
  fields(upload_tag::user, upload.user);
  fields(upload_tag::length, upload.length, unknown_length);
  fields(upload_tag::offset, upload.offset);
  fields(upload_tag::hash, upload.hash);
  fields(upload_tag::complete, upload.complete);
  fields(upload_tag::metadata, upload.metadata);
  fields(upload_tag::concat, upload.concat);
  fields(upload_tag::parts, upload.parts);
  fields(upload_tag::wanted_sha256, upload.wanted_sha256);
  fields(upload_tag::expires_at, upload.expires_at, unix_ms{0});
}

template <class Fields>
void describe(Fields& f, key_row& k) {
  f(key_tag::fingerprint, k.fingerprint);
  f(key_tag::request, k.request);
  f(key_tag::files, k.files);
  f(key_tag::created_at, k.created_at);
}

template <class Fields>
void describe(Fields& f, link_row& l) {
  f(link_tag::id, l.id);
  f(link_tag::name, l.name);
  f(link_tag::is_folder, l.is_folder, false);
}

template <class Fields>
void describe(Fields& f, user_name_row& u) {
  f(user_name_tag::id, u.id);
}

template <class Fields>
void describe(Fields& f, grant_row& g) {
  f(grant_tag::right, g.right);
  f(grant_tag::created_at, g.created_at);
}

template <class Fields>
void describe(Fields& f, counter_row& c) {
  f(counter_tag::number, c.number);
  f(counter_tag::listed, c.listed, std::uint64_t{0});
}

catalog_entry catalog_entry::of(const file_record& record) {
  catalog_entry e;
  e.state = record.state;
  e.profile = record.profile;
  e.has_preview = record.preview.exists();
  e.has_renditions = !record.renditions.empty();
  e.has_archive = !record.archive.name.empty();
  e.is_spliced = !record.splices.empty();
  e.is_part = record.is_part;
  e.deleted_at = record.deleted_at;
  e.date = record.taken_at != 0 ? record.taken_at : record.created_at;
  return e;
}

std::string encode(const catalog_entry& e) {
  packed_entry p;
  p.state = e.state;
  p.profile = e.profile;
  p.made = (e.has_preview ? preview_bit : 0U) | (e.has_renditions ? renditions_bit : 0U)
           | (e.has_archive ? archive_bit : 0U) | (e.is_part ? part_bit : 0U)
           | (e.is_spliced ? spliced_bit : 0U);
  p.deleted_at = e.deleted_at;
  p.date = e.date;
  p.unknown = e.unknown;
  return to_value(p);
}

result<catalog_entry> parse_entry(std::string_view value) {
  auto p = from_value<packed_entry>(value, "by_user");
  if (!p)
    return fail(p.error());
  catalog_entry e;
  e.state = p->state;
  e.profile = p->profile;
  e.has_preview = (p->made & preview_bit) != 0;
  e.has_renditions = (p->made & renditions_bit) != 0;
  e.has_archive = (p->made & archive_bit) != 0;
  e.is_spliced = (p->made & spliced_bit) != 0;
  e.is_part = (p->made & part_bit) != 0;
  e.deleted_at = p->deleted_at;
  e.date = p->date;
  e.unknown = std::move(p->unknown);
  return e;
}

std::string encode(const blob& b) {
  return to_value(b);
}

result<blob> parse_blob(std::string_view value) {
  return from_value<blob>(value, "blobs");
}

std::string encode(const usage& u) {
  return to_value(u);
}

result<usage> parse_usage(std::string_view value) {
  return from_value<usage>(value, "usage");
}

std::string encode(const upload_state& u) {
  return to_value(u);
}

result<upload_state> parse_upload(std::string_view id, std::string_view value) {
  return from_value_of<upload_state>(id, value, "uploads");
}

std::string encode(const key_row& k) {
  return to_value(k);
}

result<key_row> parse_key_row(std::string_view value) {
  return from_value<key_row>(value, "keys");
}

std::string encode(const link_row& l) {
  return to_value(l);
}

result<link_row> parse_link(std::string_view value) {
  return from_value<link_row>(value, "links");
}

std::string encode(const grant_row& g) {
  return to_value(g);
}

result<grant_row> parse_grant(std::string_view key, std::string_view value) {
  constexpr std::size_t id_bytes = 26;
  if (key.size() != 2 * id_bytes)
    return fail(errc::internal, "a key of no grant");
  auto row = from_value<grant_row>(value, "grants");
  if (row) {
    row->folder = key.substr(0, id_bytes);
    row->user = key.substr(id_bytes);
  }
  return row;
}

std::string encode_user_name(std::string_view id) {
  user_name_row row;
  row.id = id;
  return to_value(row);
}

result<std::string> parse_user_name(std::string_view value) {
  auto row = from_value<user_name_row>(value, "user_names");
  if (!row)
    return fail(row.error());
  return std::move(row->id);
}

std::string encode(const counter_row& c) {
  return to_value(c);
}

result<counter_row> parse_counter(std::string_view value) {
  return from_value<counter_row>(value, "meta");
}

std::string number_key(std::uint64_t n) {
  std::string key(sizeof n, '\0');
  for (auto i = key.size(); i-- > 0; n >>= 8U)
    key[i] = static_cast<char>(n & 255U);
  return key;
}

result<std::uint64_t> parse_number_key(std::string_view key) {
  std::uint64_t n = 0;
  if (key.size() != sizeof n)
    return fail(errc::internal, "a key that is no number");
  for (const char c : key)
    n = (n << 8U) | static_cast<unsigned char>(c);
  return n;
}

} // namespace mediad::storage
