#include "storage/catalog/rows.hpp"
#include "storage/catalog/tags.hpp"

/// Records and events, as they are stored.
namespace mediad::storage {
namespace {

/// An event as it is stored.
struct event_row {
  std::string type;
  std::string user;
  std::string file_id;
  unix_ms at = 0;
  std::string file; ///< A whole value, with its own version.
  std::string message;
  std::string unknown;
};

} // namespace

// One describe() for each struct, as in rows.cpp.

template <class Fields>
void describe(Fields& f, made_file& m) {
  f(made_tag::name, m.name);
  f(made_tag::media_type, m.media_type);
  f(made_tag::width, m.width, 0U);
  f(made_tag::height, m.height, 0U);
  f(made_tag::bytes, m.bytes);
  f(made_tag::sha256, m.sha256);
}

template <class Fields>
void describe(Fields& f, splice& s) {
  f(splice_tag::at, s.at);
  f(splice_tag::file, s.file);
  f(splice_tag::bytes, s.bytes);
}

template <class Fields>
void describe(Fields& f, file_record& r) {
  f(record_tag::user, r.user);
  f(record_tag::name, r.name);
  f(record_tag::profile, r.profile);
  f(record_tag::media_type, r.media_type);
  f(record_tag::bytes, r.bytes);
  f(record_tag::sha256, r.sha256);
  f(record_tag::state, r.state);
  f(record_tag::stage, r.now_at, stage::none);
  f(record_tag::progress, r.progress);
  f(record_tag::attempt, r.attempt);
  f(record_tag::preview, r.preview.file);
  f(record_tag::thumbhash, r.preview.thumbhash);
  f(record_tag::media, r.media, std::string{"{}"});
  f(record_tag::renditions, r.renditions);
  f(record_tag::archive, r.archive);
  f(record_tag::splices, r.splices);
  f(record_tag::failure_code, r.failure.code);
  f(record_tag::failure_message, r.failure.message);
  f(record_tag::created_at, r.created_at);
  f(record_tag::updated_at, r.updated_at);
  f(record_tag::seq, r.seq, std::uint64_t{0});
  f(record_tag::link_name, r.link_name);
  f(record_tag::request_key, r.request_key);
  f(record_tag::is_part, r.is_part, false);
  f(record_tag::folder, r.folder);
  f(record_tag::modified_at, r.modified_at, unix_ms{0});
  f(record_tag::damage, r.harm, damage::none);
  f(record_tag::sender, r.sender);
}

template <class Fields>
void describe(Fields& f, event_row& e) {
  f(event_tag::type, e.type);
  f(event_tag::user, e.user);
  f(event_tag::file_id, e.file_id);
  f(event_tag::at, e.at);
  f(event_tag::file, e.file);
  f(event_tag::message, e.message);
}

std::string encode(const file_record& r) {
  return to_value(r);
}

result<file_record> parse_record(std::string_view id, std::string_view value) {
  return from_value_of<file_record>(id, value, "files");
}

std::string encode(const event& e, std::string_view file) {
  event_row row;
  row.type = e.type;
  row.user = e.user;
  row.file_id = e.file_id;
  row.at = e.at;
  row.file = file;
  row.message = e.message;
  return to_value(row);
}

result<event> parse_event(std::string_view key, std::string_view value) {
  const auto seq = parse_number_key(key);
  auto row = from_value<event_row>(value, "events");
  if (!seq || !row)
    return fail(seq ? row.error() : seq.error());
  event e;
  e.seq = *seq;
  e.type = std::move(row->type);
  e.user = std::move(row->user);
  e.file_id = std::move(row->file_id);
  e.at = row->at;
  e.message = std::move(row->message);
  if (row->file.empty())
    return e;
  auto file = parse_record(e.file_id, row->file);
  if (!file)
    return fail(file.error());
  e.file = std::move(*file);
  return e;
}

} // namespace mediad::storage
