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
  std::string share_id;
  std::string share;  ///< A whole value, too.
  std::string folder; ///< A whole value, likewise.
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
void describe(Fields& fields, file_record& record) {
  fields(record_tag::user, record.user);
  fields(record_tag::name, record.name);
  fields(record_tag::profile, record.profile);
  fields(record_tag::media_type, record.media_type);
  fields(record_tag::bytes, record.bytes);
  fields(record_tag::sha256, record.sha256);
  fields(record_tag::state, record.state);
  fields(record_tag::stage, record.now_at, stage::none);
  fields(record_tag::progress, record.progress);
  fields(record_tag::attempt, record.attempt);
  fields(record_tag::preview, record.preview.file);
  fields(record_tag::thumbhash, record.preview.thumbhash);
  fields(record_tag::media, record.media, std::string{"{}"});
  fields(record_tag::renditions, record.renditions);
  fields(record_tag::archive, record.archive);
  fields(record_tag::splices, record.splices);
  fields(record_tag::failure_code, record.failure.code);
  fields(record_tag::failure_message, record.failure.message);
  fields(record_tag::created_at, record.created_at);
  fields(record_tag::updated_at, record.updated_at);
  fields(record_tag::seq, record.seq, std::uint64_t{0});
  fields(record_tag::link_name, record.link_name);
  fields(record_tag::request_key, record.request_key);
  fields(record_tag::is_part, record.is_part, false);
  fields(record_tag::folder, record.folder);
  fields(record_tag::deleted_at, record.deleted_at, unix_ms{0});
  fields(record_tag::taken_at, record.taken_at, unix_ms{0});
  fields(record_tag::modified_at, record.modified_at, unix_ms{0});
  fields(record_tag::damage, record.harm, damage::none);
  fields(record_tag::sender, record.sender);
  fields(record_tag::tags, record.tags);
  fields(record_tag::favourite, record.favourite, false);
  fields(record_tag::description, record.description);
  fields(record_tag::metadata, record.metadata, std::string{"{}"});
  fields(record_tag::revision, record.revision, std::uint64_t{0});
}

template <class Fields>
void describe(Fields& f, event_row& e) {
  f(event_tag::type, e.type);
  f(event_tag::user, e.user);
  f(event_tag::file_id, e.file_id);
  f(event_tag::at, e.at);
  f(event_tag::file, e.file);
  f(event_tag::message, e.message);
  f(event_tag::share_id, e.share_id);
  f(event_tag::share, e.share);
  f(event_tag::folder, e.folder);
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
  row.share_id = e.share.id;
  if (!e.share.id.empty())
    row.share = encode(e.share);
  if (!e.folder.id.empty())
    row.folder = encode(e.folder);
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
  if (!row->share_id.empty()) {
    auto share = parse_share(row->share_id, row->share);
    if (!share)
      return fail(share.error());
    e.share = std::move(*share);
  }
  if (!row->folder.empty()) {
    auto folder = parse_folder(e.file_id, row->folder);
    if (!folder)
      return fail(folder.error());
    e.folder = *std::move(folder);
  }
  if (row->file.empty())
    return e;
  auto file = parse_record(e.file_id, row->file);
  if (!file)
    return fail(file.error());
  e.file = std::move(*file);
  return e;
}

} // namespace mediad::storage
