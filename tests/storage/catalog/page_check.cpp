#define CAF_SUITE storage_catalog_page_check

#include "storage/catalog/page_check.hpp"

#include "storage/catalog/lmdb.hpp"
#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

namespace fs = std::filesystem;
namespace lmdb = mediad::storage::lmdb;

namespace {

constexpr std::uintmax_t page = 4096;

struct fixture : mediad::tests::temp_root {
  mediad::result<lmdb::environment> open() const {
    return lmdb::environment::open(path, {std::size_t{64} << 20U});
  }

  /// In a transaction of its own; an empty value erases.
  void put(lmdb::environment& env, const std::string& key, const std::string& value) const {
    const auto table = env.open_table("letters").value();
    auto txn = env.write().value();
    if (value.empty())
      txn.erase(table, key).value();
    else
      txn.put(table, key, value).value();
    std::move(txn).commit().value();
  }

  std::uintmax_t size() const {
    return fs::file_size(path / "data.mdb");
  }

  void cut_to(std::uintmax_t bytes) const {
    fs::resize_file(path / "data.mdb", bytes / page * page);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(page_check_tests, fixture)

CAF_TEST(a database that lacks pages in use is refused with a sentence) {
  {
    auto env = open().value();
    for (int i = 0; i < 300; ++i)
      put(env, "k" + std::to_string(i), std::string(3'000, 'x'));
  }
  const auto whole = size();
  for (const auto bytes : {whole - page, whole / 2, 3 * page}) {
    cut_to(bytes);
    const auto env = open();
    CAF_REQUIRE(!env);
    CAF_CHECK(env.error().code == mediad::errc::storage_io);
    const auto sizes = "has " + std::to_string(size()) + " of " + std::to_string(whole) + " bytes";
    CAF_CHECK(env.error().detail.find(sizes) != std::string::npos);
  }
}

CAF_TEST(a value that reaches behind the end is noticed) {
  {
    auto env = open().value();
    put(env, "small", "x");
    put(env, "large", std::string(std::size_t{4} << 20U, 'x'));
    for (int i = 0; i < 4; ++i)
      put(env, "small", "y");
  }
  cut_to(size() / 2);
  CAF_CHECK(!open());
}

CAF_TEST(a database that lacks only pages that are free is opened) {
  {
    auto env = open().value();
    put(env, "kept", "x");
    put(env, "large", std::string(std::size_t{4} << 20U, 'x'));
    put(env, "large", "");
    for (int i = 0; i < 4; ++i)
      put(env, "kept", std::string(10, static_cast<char>('a' + i)));
  }
  cut_to(size() - page);
  auto env = open();
  CAF_REQUIRE(env);
  const auto table = env->open_table("letters").value();
  CAF_CHECK_EQUAL(std::string{**env->read().value().get(table, "kept")}, std::string(10, 'd'));
}

CAF_TEST_FIXTURE_SCOPE_END()
