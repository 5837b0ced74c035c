#define CAF_SUITE storage_catalog_tagged

#include "storage/catalog/tagged.hpp"

#include "storage/catalog/rows.hpp"
#include "storage/catalog/tags.hpp"
#include "storage/catalog/usage.hpp"
#include "tests/members_of.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdint>
#include <limits>

using namespace mediad;
using namespace mediad::storage;

namespace {

const std::string id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const std::string digest(64, 'a');

/// A field that no release has yet.
std::string later_field(field_tag t, const std::string& content) {
  std::string field;
  write_varint(field, t);
  write_varint(field, content.size());
  return field + content;
}

file_record full_record() {
  file_record r;
  r.id = id;
  r.user = id;
  r.name = "beach.jpg";
  r.profile = profile::image;
  r.media_type = "image/jpeg";
  r.bytes = 5'000'000'000;
  r.sha256 = digest;
  r.state = status::processing;
  r.now_at = stage::renditions;
  r.progress = 0.4;
  r.attempt = 2;
  r.preview = {{"preview.webp", "image/webp", 320, 213, 5'000, digest},
               "1QcSHQRnh493V4dIh4eXh1h4kJUI"};
  r.media = R"({"width":4032,"height":3024})";
  r.renditions = {{"w640.webp", "image/webp", 640, 426, 51'234, digest},
                  {"text.txt", "text/plain", 0, 0, 12, digest}};
  r.archive = {"archive.zip", "application/zip", 0, 0, 99, digest};
  r.splices = {{2, "", 5'000'000'000}, {3, "w640.webp", 51'234}};
  r.failure = {"corrupt_media", "The file is damaged."};
  r.created_at = 1'795'363'445'123;
  r.updated_at = -1;
  r.modified_at = -2;
  r.taken_at = -3;
  r.seq = 412;
  r.link_name = "beach (2).jpg";
  r.request_key = "key";
  r.is_part = true;
  r.folder = id;
  r.harm = damage::changed;
  r.sender = "a token";
  r.taken_at = -3;
  r.tags = {"Summer", "sea"};
  r.favourite = true;
  r.description = "By the sea.";
  r.metadata = R"({"place":"Rügen"})";
  r.revision = 7;
  r.deleted_at = 5;
  return r;
}

file_record there_and_back(const file_record& r) {
  return parse_record(r.id, encode(r)).value();
}

} // namespace

CAF_TEST(a full record comes back as it was) {
  const auto r = full_record();
  const auto back = there_and_back(r);
  CAF_CHECK_EQUAL(encode(back), encode(r));
  CAF_CHECK_EQUAL(back.id, id);
  CAF_CHECK_EQUAL(back.bytes, 5'000'000'000u);
  CAF_CHECK_EQUAL(back.progress, 0.4);
  CAF_CHECK(back.now_at == stage::renditions);
  CAF_CHECK_EQUAL(back.preview.file.height, 213u);
  CAF_CHECK_EQUAL(back.preview.thumbhash, r.preview.thumbhash);
  CAF_CHECK_EQUAL(back.media, r.media);
  CAF_CHECK_EQUAL(back.renditions.size(), 2u);
  CAF_CHECK_EQUAL(back.renditions.at(1).name, "text.txt");
  CAF_CHECK(back.splices == r.splices);
  CAF_CHECK_EQUAL(back.failure.message, r.failure.message);
  CAF_CHECK_EQUAL(back.created_at, r.created_at);
  CAF_CHECK_EQUAL(back.updated_at, -1);
  CAF_CHECK_EQUAL(back.modified_at, -2);
  CAF_CHECK_EQUAL(back.taken_at, -3);
  CAF_CHECK_EQUAL(back.seq, 412u);
  CAF_CHECK_EQUAL(back.link_name, r.link_name);
  CAF_CHECK_EQUAL(back.request_key, "key");
  CAF_CHECK(back.is_part);
  CAF_CHECK_EQUAL(back.folder, id);
  CAF_CHECK(back.harm == damage::changed);
  CAF_CHECK_EQUAL(back.sender, "a token");
  CAF_CHECK_EQUAL(back.taken_at, -3);
  CAF_CHECK_EQUAL(back.tags, r.tags);
  CAF_CHECK(back.favourite);
  CAF_CHECK_EQUAL(back.description, r.description);
  CAF_CHECK_EQUAL(back.metadata, r.metadata);
  CAF_CHECK_EQUAL(back.revision, 7u);
  CAF_CHECK_EQUAL(back.deleted_at, 5);
  CAF_CHECK(back.unknown.empty());
}

CAF_TEST(an empty record comes back as it was) {
  const auto back = there_and_back({});
  CAF_CHECK_EQUAL(encode(back), encode(file_record{}));
  CAF_CHECK_EQUAL(back.media, "{}");
  CAF_CHECK(back.state == status::receiving);
  CAF_CHECK(!back.preview.exists());
}

CAF_TEST(the greatest numbers come back as they were) {
  upload_state u;
  u.length = unknown_length;
  u.offset = std::numeric_limits<std::uint64_t>::max();
  u.expires_at = std::numeric_limits<std::int64_t>::min();
  u.parts = {"a", "", "b"};
  const auto back = parse_upload(id, encode(u)).value();
  CAF_CHECK(!back.has_length());
  CAF_CHECK_EQUAL(back.offset, u.offset);
  CAF_CHECK_EQUAL(back.expires_at, u.expires_at);
  CAF_CHECK(back.parts == u.parts);
}

CAF_TEST(unknown fields come back where they were) {
  auto r = full_record();
  const auto reserved = later_field(record_tag::crc32, "1234");
  const auto far = later_field(4711, "of tomorrow");
  r.unknown = reserved + far;
  r.renditions.front().unknown = later_field(made_tag::crc32, "5678");
  r.splices.back().unknown = later_field(99, std::string(200, 'x'));
  auto back = there_and_back(r);
  CAF_CHECK_EQUAL(back.unknown, reserved + far);
  CAF_CHECK_EQUAL(back.renditions.front().unknown, r.renditions.front().unknown);
  CAF_CHECK_EQUAL(back.splices.back().unknown, r.splices.back().unknown);
  back.name = "another name";
  CAF_CHECK_EQUAL(there_and_back(back).unknown, reserved + far);
}

CAF_TEST(a field that this program does not know may stand between those that it knows) {
  std::string value(1, value_version);
  value += later_field(user_tag::name, "ann");
  const auto gap = later_field(4711, "?");
  const auto u = parse_user(id, value + gap).value();
  CAF_CHECK_EQUAL(u.name, "ann");
  CAF_CHECK_EQUAL(u.created_at, 0);
  CAF_CHECK_EQUAL(u.unknown, gap);
  // A program that knows fewer fields writes those that it does not know in between.
  file_record r;
  r.unknown = later_field(4711, "x");
  CAF_CHECK_EQUAL(there_and_back(r).unknown, r.unknown);
}

CAF_TEST(when a password was set comes back and is not known of an older row) {
  user_row u;
  u.password = "a hash";
  CAF_CHECK_EQUAL(parse_user(id, encode(u)).value().password_at, 0);
  u.password_at = 1'795'363'445'123;
  const auto back = parse_user(id, encode(u)).value();
  CAF_CHECK_EQUAL(back.password_at, u.password_at);
  CAF_CHECK(back.unknown.empty());
}

CAF_TEST(every kind of row keeps what it does not know) {
  const auto later = later_field(4711, "later");
  const auto keeps = [&](auto row, auto parse) {
    row.unknown = later;
    const auto back = parse(encode(row)).value();
    return back.unknown == later && encode(back) == encode(row);
  };
  catalog_entry e;
  e.is_spliced = true;
  CAF_CHECK(keeps(e, [](const auto& v) { return parse_entry(v); }));
  blob b;
  b.bytes = 7;
  b.users = 3;
  b.verified_at = 1;
  CAF_CHECK(keeps(b, [](const auto& v) { return parse_blob(v); }));
  CAF_CHECK(keeps(usage{}, [](const auto& v) { return parse_usage(v); }));
  CAF_CHECK(keeps(upload_state{}, [](const auto& v) { return parse_upload({}, v); }));
  CAF_CHECK(keeps(key_row{}, [](const auto& v) { return parse_key_row(v); }));
  CAF_CHECK(keeps(link_row{}, [](const auto& v) { return parse_link(v); }));
  CAF_CHECK(keeps(user_row{}, [](const auto& v) { return parse_user({}, v); }));
  CAF_CHECK(keeps(credential_row{}, [](const auto& v) { return parse_credential({}, v); }));
  CAF_CHECK(keeps(share_row{}, [](const auto& v) { return parse_share({}, v); }));
  CAF_CHECK(keeps(folder_row{}, [](const auto& v) { return parse_folder({}, v); }));
  CAF_CHECK(keeps(grant_row{}, [](const auto& v) { return parse_grant(std::string(52, 'x'), v); }));
  CAF_CHECK(keeps(counter_row{}, [](const auto& v) { return parse_counter(v); }));
}

CAF_TEST(sums of what users take up leave no number out) {
  // One more than the list `members` of storage/catalog/usage.cpp names: a new number goes there.
  CAF_CHECK_EQUAL(tests::members_of<usage>(), 5U);
  usage one;
  one.bytes = 1;
  one.files = 2;
  one.open_bytes = 3;
  one.open_uploads = 4;
  auto sum = one;
  sum += one;
  sum += one;
  sum -= one;
  CAF_CHECK_EQUAL(sum.bytes, 2U);
  CAF_CHECK_EQUAL(sum.files, 4U);
  CAF_CHECK_EQUAL(sum.open_bytes, 6U);
  CAF_CHECK_EQUAL(sum.open_uploads, 8U);
}

CAF_TEST(an event comes back with the record as it was then) {
  event e;
  e.seq = 7;
  e.type = "file.ready";
  e.user = id;
  e.file_id = id;
  e.at = 1'795'363'445'123;
  const auto back = parse_event(number_key(7), encode(e, encode(full_record()))).value();
  CAF_CHECK_EQUAL(back.seq, 7u);
  CAF_CHECK_EQUAL(back.type, "file.ready");
  CAF_CHECK_EQUAL(back.at, e.at);
  CAF_CHECK_EQUAL(encode(back.file), encode(full_record()));
  CAF_CHECK_EQUAL(back.file.id, id);
}

CAF_TEST(an event comes back with the share as it was then) {
  event e;
  e.type = "share.created";
  e.user = id;
  e.share.id = id;
  e.share.name = "Send me";
  e.share.allow = share_allow::upload;
  const auto back = parse_event(number_key(7), encode(e, {})).value();
  CAF_CHECK_EQUAL(back.file.id, "");
  CAF_CHECK_EQUAL(back.share.id, id);
  CAF_CHECK_EQUAL(encode(back.share), encode(e.share));
}

CAF_TEST(what is damaged is refused) {
  const auto whole = encode(full_record());
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    const auto cut = parse_record(id, whole.substr(0, bytes));
    // A value may end after any of its fields.
    CAF_CHECK(!cut || encode(*cut).size() == bytes || encode(*cut).size() > bytes);
  }
  const std::string version(1, value_version);
  const std::string of_another_version(1, '\x02');
  CAF_CHECK(!parse_user(id, ""));
  CAF_CHECK(!parse_user(id, of_another_version));
  CAF_CHECK(parse_user(id, version));
  const auto name = later_field(user_tag::name, "ann");
  const auto made = later_field(user_tag::created_at, "");
  CAF_CHECK(parse_user(id, version + name + made));
  CAF_CHECK(!parse_user(id, version + made + name));
  CAF_CHECK(!parse_user(id, version + name + name));
  CAF_CHECK(!parse_user(id, version + name + "\x03"));
  CAF_CHECK(!parse_user(id, version + later_field(0, "x")));
  CAF_CHECK(!parse_user(id, version + later_field(user_tag::created_at, std::string(9, '1'))));
  CAF_CHECK(!parse_user(id, version + later_field(user_tag::created_at, {"1\0", 2})));
  CAF_CHECK(!parse_entry(version + later_field(entry_tag::state, "\x07")));
  CAF_CHECK(!parse_entry(version + later_field(entry_tag::state, "")));
}

CAF_TEST(a varint has one form) {
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                std::uint64_t{300}, std::numeric_limits<std::uint64_t>::max()}) {
    std::string bytes;
    write_varint(bytes, n);
    std::string_view rest{bytes};
    CAF_CHECK(take_varint(rest) == n);
    CAF_CHECK(rest.empty());
  }
  for (const std::string_view longer :
       {std::string_view{"\x80\x00", 2}, std::string_view{"\x80"},
        std::string_view{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"}}) {
    auto rest = longer;
    CAF_CHECK(!take_varint(rest));
  }
}
