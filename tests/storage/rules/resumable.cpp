#define CAF_SUITE storage_rules_resumable

#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

constexpr unix_ms tomorrow = 86'400'000;

struct fixture : tests::scene {
  storage::new_upload wanted(const std::string& name, std::uint64_t length) const {
    storage::new_upload u{id_of("ann"), name};
    u.length = length;
    u.resumable = true;
    u.terms.metadata = "filename c2FuZA==,k";
    u.terms.expires_at = now_ms() + tomorrow;
    return u;
  }

  std::string create(std::uint64_t length, const std::string& name = "beach.jpg") {
    return apply(wanted(name, length)).value().record.id;
  }

  std::string create_part(std::uint64_t length) {
    auto u = wanted("part", length);
    u.terms.concat = "partial";
    return apply(u).value().record.id;
  }

  static std::string hash_of(const std::string& bytes) {
    sha256 hash;
    hash.update(bytes);
    return hash.save();
  }

  storage::appended append_of(const std::string& id, const std::string& all) const {
    write(reader().staging_path(id), all);
    storage::appended a;
    a.id = id;
    a.offset = all.size();
    a.hash = hash_of(all);
    a.expires_at = now_ms() + tomorrow;
    return a;
  }

  result<storage::applied> append(const std::string& id, const std::string& all) {
    return apply(append_of(id, all));
  }

  result<storage::applied> arrive(const std::string& id, const std::string& all) {
    write(reader().staging_path(id), all);
    file_record r;
    r.id = id;
    return apply(arrival_of(r, all));
  }

  upload_state state(const std::string& id) const {
    return reader().find_upload(id).value();
  }

  errc missing(const std::string& id) const {
    const auto found = reader().find_upload(id);
    return found ? errc{} : found.error().code;
  }

  storage::new_upload with_key(const std::string& key, const std::string& request) const {
    storage::new_upload u{id_of("ann"), "beach.jpg"};
    u.key = {key, "fingerprint", request};
    return u;
  }

  /// Every row of tables that hang on a record or an upload.
  std::size_t rows_left() {
    store.reset();
    std::size_t count = 0;
    {
      auto db = storage::database::open(settings, nullptr).value();
      auto txn = db->read().value();
      const auto& t = db->table();
      for (const auto table : {t.files, t.by_user, t.usage, t.blobs, t.unfinished, t.links,
                               t.uploads, t.expiring, t.keys, t.key_ages})
        count += txn.count(table).value();
    }
    open();
    return count;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(resumable_tests, fixture)

CAF_TEST(an unfinished upload is the same after a restart) {
  auto u = wanted("beach.jpg", 10);
  u.terms.wanted_sha256 = std::string(64, 'a');
  const auto id = apply(u).value().record.id;
  append(id, "sand").value();
  const auto before = state(id);
  open();
  const auto now = state(id);
  CAF_CHECK_EQUAL(now.offset, 4u);
  CAF_CHECK_EQUAL(now.length, 10u);
  CAF_CHECK_EQUAL(now.metadata, "filename c2FuZA==,k");
  CAF_CHECK_EQUAL(now.wanted_sha256, std::string(64, 'a'));
  CAF_CHECK_EQUAL(now.expires_at, before.expires_at);
  CAF_CHECK_EQUAL(read(reader().staging_path(id)), "sand");
  auto hash = sha256::restore(now.hash).value();
  hash.update(" castle");
  sha256 whole;
  whole.update("sand castle");
  CAF_CHECK_EQUAL(std::move(hash).hex(), std::move(whole).hex());
}

CAF_TEST(bytes that came behind the last acknowledged ones are not reported after a restart) {
  const auto id = create(10);
  append(id, "sand").value();
  write(reader().staging_path(id), "sand and");
  open();
  CAF_CHECK_EQUAL(state(id).offset, 4u);
}

CAF_TEST(an upload whose acknowledged bytes are gone is given up and the server starts) {
  const auto shorter = create(10);
  append(shorter, "sand").value();
  write(reader().staging_path(shorter), "san");
  const auto gone = create(10);
  fs::remove(reader().staging_path(gone));
  const auto fine = create(10);
  open();
  CAF_CHECK(missing(shorter) == errc::not_found);
  CAF_CHECK(missing(gone) == errc::not_found);
  CAF_CHECK(missing(fine) == errc{});
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an offset never shrinks and never passes the length) {
  const auto id = create(10);
  append(id, "sand").value();
  CAF_CHECK(tests::code_of(append(id, "san")) == errc::conflict);
  CAF_CHECK(tests::code_of(append(id, "sand castles")) == errc::conflict);
  CAF_CHECK_EQUAL(state(id).offset, 4u);
}

CAF_TEST(a length may become known once) {
  const auto id = create(unknown_length);
  auto a = append_of(id, "sand");
  apply(a).value();
  CAF_CHECK(!state(id).has_length());
  a.length = 9;
  apply(a).value();
  CAF_CHECK_EQUAL(state(id).length, 9u);
  a.length = 8;
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  a.length = unknown_length;
  apply(a).value();
  CAF_CHECK_EQUAL(state(id).length, 9u);
}

CAF_TEST(an upload is whole only once its file is registered) {
  const auto id = create(4);
  CAF_CHECK(tests::code_of(append(id, "sand")) == errc::conflict);
  auto a = append_of(id, "sand");
  a.complete = true;
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  CAF_CHECK_EQUAL(state(id).offset, 0u);
  const auto r = arrive(id, "sand").value().record;
  CAF_CHECK(r.state == status::registered);
  open();
  const auto now = state(id);
  CAF_CHECK(now.complete);
  CAF_CHECK_EQUAL(now.offset, 4u);
  CAF_CHECK_EQUAL(now.expires_at, 0);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a completed upload takes no more bytes and its arrival is answered again) {
  const auto id = create(4);
  arrive(id, "sand").value();
  CAF_CHECK(tests::code_of(append(id, "sand")) == errc::conflict);
  fs::remove(reader().staging_path(id));
  file_record same;
  same.id = id;
  const auto again = apply(arrival_of(same, "sand")).value();
  CAF_CHECK(!again.event);
  CAF_CHECK_EQUAL(history(), "1 file.registered\n");
}

CAF_TEST(a part is completed by its bytes and outlives a restart) {
  const auto id = create_part(4);
  auto a = append_of(id, "sand");
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  a.complete = true;
  apply(a).value();
  CAF_CHECK(tests::code_of(apply(a)) == errc::conflict);
  open();
  CAF_CHECK(state(id).complete);
  CAF_CHECK_EQUAL(read(reader().staging_path(id)), "sand");
}

CAF_TEST(parts are in no list) {
  const auto part = create_part(4);
  const auto whole = create(4);
  storage::list_query q;
  q.user = id_of("ann");
  const auto page = reader().list(q).value();
  CAF_REQUIRE_EQUAL(page.files.size(), 1u);
  CAF_CHECK_EQUAL(page.files.front().id, whole);
  CAF_CHECK(find(part).is_part);
}

CAF_TEST(a removal leaves no row and no file of an upload) {
  auto u = wanted("beach.jpg", 10);
  u.key = {"key", "fingerprint", "1"};
  const auto id = apply(u).value().record.id;
  append(id, "sand").value();
  const auto part = create_part(10);
  const auto done = create(4);
  arrive(done, "sand").value();
  for (const auto& each : {id, part, done})
    apply(storage::removal{each}).value();
  CAF_CHECK(missing(done) == errc::not_found);
  CAF_CHECK_EQUAL(rows_left(), 0u);
  CAF_CHECK(tree().empty());
}

CAF_TEST(an upload that was refused leaves no row and no file) {
  const auto taken = apply(with_key("key", "1")).value().record.id;
  auto second = wanted("beach.jpg", 4);
  second.key = {"key", "fingerprint", "2"};
  const auto good = wanted("castle.jpg", 4);
  const auto done = apply_all({second, good});
  CAF_CHECK(tests::code_of(done[0]) == errc::conflict);
  CAF_CHECK(done[1]);
  CAF_CHECK_EQUAL(tree(), promised());
  apply(storage::removal{taken}).value();
  apply(storage::removal{done[1]->record.id}).value();
  CAF_CHECK_EQUAL(rows_left(), 0u);
}

CAF_TEST(a key leads to the files of its first request) {
  const auto a = apply(with_key("key", "1")).value().record.id;
  const auto b = apply(with_key("key", "1")).value().record.id;
  CAF_CHECK(tests::code_of(apply(with_key("key", "2"))) == errc::conflict);
  const auto row = reader().find_key(id_of("ann"), "key").value();
  CAF_REQUIRE(row);
  CAF_CHECK_EQUAL(row->files, (std::vector<std::string>{a, b}));
  CAF_CHECK(!reader().find_key(id_of("bob"), "key").value());
}

CAF_TEST(a key is free again once the last file of its request is gone) {
  const auto a = apply(with_key("key", "1")).value().record.id;
  const auto b = apply(with_key("key", "1")).value().record.id;
  apply(storage::removal{a}).value();
  CAF_CHECK(tests::code_of(apply(with_key("key", "2"))) == errc::conflict);
  apply(storage::removal{b}).value();
  CAF_CHECK(apply(with_key("key", "2")));
}

CAF_TEST(a file of an earlier request does not take the key of a later one with it) {
  const auto early = apply(with_key("key", "1")).value().record.id;
  arrive(early, "sand").value();
  store.reset();
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    storage::catalog{txn, db->table()}.erase_old_keys(now_ms() + tomorrow, 10).value();
    std::move(txn).commit().value();
  }
  open();
  const auto late = apply(with_key("key", "2")).value().record.id;
  apply(storage::removal{early}).value();
  const auto row = reader().find_key(id_of("ann"), "key").value();
  CAF_REQUIRE(row);
  CAF_CHECK_EQUAL(row->files, std::vector<std::string>{late});
}

CAF_TEST(the same bytes through a resumable upload are stored once and outlive the other user) {
  const auto id = create(4);
  append(id, "san").value();
  upload("bob", "beach.jpg", "sand");
  arrive(id, "sand").value();
  CAF_CHECK_EQUAL(tree(), promised());
  apply(storage::removal{id}).value();
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(read(root() / "users/bob/originals/beach.jpg"), "sand");
}

CAF_TEST(a sweep forgets what expired and nothing else) {
  auto old = wanted("old", 10);
  old.terms.expires_at = 1;
  const auto gone = apply(old).value().record.id;
  const auto saved = apply(old).value().record.id;
  append(saved, "sand").value();
  const auto done = apply(old).value().record.id;
  arrive(done, "0123456789").value();
  const auto young = create(10);
  const auto before = history();
  apply(storage::sweep{}).value();
  CAF_CHECK(missing(gone) == errc::not_found);
  CAF_CHECK(!fs::exists(reader().staging_path(gone)));
  CAF_CHECK(missing(saved) == errc{});
  CAF_CHECK(find(done).state == status::registered);
  CAF_CHECK(missing(young) == errc{});
  CAF_CHECK_EQUAL(history(), before);
}

CAF_TEST(a sweep takes the oldest first and no more than it is told) {
  std::vector<std::string> ids;
  for (const unix_ms at : {3, 1, 2}) {
    auto u = wanted("old", 10);
    u.terms.expires_at = at;
    ids.push_back(apply(u).value().record.id);
  }
  apply(storage::sweep{2}).value();
  CAF_CHECK(missing(ids[0]) == errc{});
  CAF_CHECK(missing(ids[1]) == errc::not_found);
  CAF_CHECK(missing(ids[2]) == errc::not_found);
}

CAF_TEST(a sweep forgets keys after a day) {
  store.reset();
  {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    storage::catalog rows{txn, db->table()};
    storage::key_row row;
    row.created_at = now_ms() - tomorrow - 1;
    rows.put_key(id_of("ann"), "old", row).value();
    row.created_at = now_ms() - tomorrow / 2;
    rows.put_key(id_of("ann"), "young", row).value();
    std::move(txn).commit().value();
  }
  open();
  apply(storage::sweep{}).value();
  CAF_CHECK(!reader().find_key(id_of("ann"), "old").value());
  CAF_CHECK(reader().find_key(id_of("ann"), "young").value());
}

CAF_TEST_FIXTURE_SCOPE_END()
