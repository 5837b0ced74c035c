#define CAF_SUITE storage_catalog_lmdb

#include "storage/catalog/lmdb.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <random>
#include <string>

namespace lmdb = mediad::storage::lmdb;

namespace {

using model = std::map<std::string, std::string>;

struct fixture : mediad::tests::temp_root {
  lmdb::environment env = *lmdb::environment::open(path, {std::size_t{16} << 20U});
  MDB_dbi letters = *env.open_table("letters");

  void put(const std::string& key, const std::string& value) {
    auto txn = *env.write();
    txn.put(letters, key, value).value();
    std::move(txn).commit().value();
  }

  model content() const {
    model all;
    const auto txn = *env.read();
    auto walk = *txn.walk(letters);
    for (auto row = *walk.first(); row; row = *walk.next())
      all.emplace(row->key, row->value);
    return all;
  }
};

// A value above half a page lives in pages of its own: a path of its own in LMDB.
std::string random_value(std::mt19937& random) {
  return std::string(random() % 4 == 0 ? 3000 + random() % 20'000 : random() % 200,
                     static_cast<char>('a' + random() % 26));
}

void change_at_random(std::mt19937& random, lmdb::write_txn& txn, MDB_dbi table, model& expected) {
  const auto key = "k" + std::to_string(random() % 400);
  if (random() % 3 == 0) {
    txn.erase(table, key).value();
    expected.erase(key);
  } else {
    const auto value = random_value(random);
    txn.put(table, key, value).value();
    expected[key] = value;
  }
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(lmdb_tests, fixture)

CAF_TEST(a write that is not committed leaves no trace) {
  {
    auto txn = *env.write();
    CAF_REQUIRE(txn.put(letters, "a", "alpha"));
  }
  CAF_CHECK(content().empty());
}

CAF_TEST(a committed write is there after the database is opened again) {
  put("a", "alpha");
  // Closed first: a process must not have one database open twice.
  { const auto closed = std::move(env); }
  env = *lmdb::environment::open(path, {std::size_t{16} << 20U});
  letters = *env.open_table("letters");
  CAF_CHECK_EQUAL(content(), (model{{"a", "alpha"}}));
}

CAF_TEST(a child that is dropped leaves its parent as it was) {
  auto txn = *env.write();
  CAF_REQUIRE(txn.put(letters, "a", "alpha"));
  {
    auto child = *txn.child();
    CAF_REQUIRE(child.put(letters, "a", "changed"));
    CAF_REQUIRE(child.put(letters, "b", "beta"));
  }
  CAF_REQUIRE(std::move(txn).commit());
  CAF_CHECK_EQUAL(content(), (model{{"a", "alpha"}}));
}

CAF_TEST(what a child commits is gone when its parent is dropped) {
  {
    auto txn = *env.write();
    auto child = *txn.child();
    CAF_REQUIRE(child.put(letters, "a", "alpha"));
    CAF_REQUIRE(std::move(child).commit());
  }
  CAF_CHECK(content().empty());
}

CAF_TEST(two thousand changes in children kept and dropped at random leave what a map would hold) {
  std::mt19937 random{20'261'122};
  model expected;
  for (int group = 0; group < 50; ++group) {
    auto txn = *env.write();
    for (int i = 0; i < 8; ++i) {
      auto attempt = expected;
      auto child = *txn.child();
      for (int k = 0; k < 5; ++k)
        change_at_random(random, child, letters, attempt);
      if (random() % 3 == 0)
        continue;
      std::move(child).commit().value();
      expected = std::move(attempt);
    }
    std::move(txn).commit().value();
  }
  CAF_CHECK(content() == expected);
}

CAF_TEST(a full map is storage_full for the child and its parent goes on) {
  auto txn = *env.write();
  CAF_REQUIRE(txn.put(letters, "before", "x"));
  {
    auto child = *txn.child();
    const std::string block(400'000, 'x');
    mediad::result<> outcome;
    for (int i = 0; outcome && i < 64; ++i)
      outcome = child.put(letters, "k" + std::to_string(i), block);
    CAF_REQUIRE(!outcome);
    CAF_CHECK(outcome.error().code == mediad::errc::storage_full);
  }
  CAF_REQUIRE(txn.put(letters, "after", "x"));
  CAF_REQUIRE(std::move(txn).commit());
  CAF_CHECK_EQUAL(content(), (model{{"after", "x"}, {"before", "x"}}));
}

CAF_TEST(erasing says whether there was anything) {
  put("a", "alpha");
  auto txn = *env.write();
  CAF_CHECK(*txn.erase(letters, "a"));
  CAF_CHECK(!*txn.erase(letters, "a"));
}

CAF_TEST(a cursor finds the neighbours of a key that is not there) {
  put("b", "1");
  put("d", "2");
  const auto txn = *env.read();
  auto walk = *txn.walk(letters);
  const auto after = *walk.at_or_after("c");
  CAF_REQUIRE(after);
  CAF_CHECK_EQUAL(std::string{after->key}, "d");
  const auto before = *walk.before("c");
  CAF_REQUIRE(before);
  CAF_CHECK_EQUAL(std::string{before->key}, "b");
  const auto last = *walk.before("z");
  CAF_REQUIRE(last);
  CAF_CHECK_EQUAL(std::string{last->key}, "d");
  const auto none = *walk.before("b");
  CAF_CHECK(!none);
}

CAF_TEST(a key that is too long or empty is not there and cannot be put) {
  const std::string too_long(lmdb::max_key_bytes + 1, 'k');
  const auto found = env.read()->get(letters, too_long);
  CAF_REQUIRE(found);
  CAF_CHECK(!found->has_value());
  auto txn = *env.write();
  CAF_CHECK(!txn.put(letters, too_long, "v"));
  CAF_CHECK(!txn.put(letters, "", "v"));
}

CAF_TEST(a reader keeps its view while a writer commits) {
  put("a", "old");
  const auto txn = *env.read();
  put("a", "new");
  const auto seen = *txn.get(letters, "a");
  CAF_REQUIRE(seen);
  CAF_CHECK_EQUAL(std::string{*seen}, "old");
  const auto now = content();
  CAF_CHECK_EQUAL(now.at("a"), "new");
}

CAF_TEST(the space of what was erased counts as free) {
  put("a", std::string(1'000'000, 'x'));
  const auto full = env.use()->used_bytes;
  auto txn = *env.write();
  CAF_REQUIRE(txn.erase(letters, "a"));
  CAF_REQUIRE(std::move(txn).commit());
  CAF_CHECK(full > 1'000'000);
  const auto now = env.use()->used_bytes;
  CAF_CHECK(now < 500'000);
}

CAF_TEST_FIXTURE_SCOPE_END()
