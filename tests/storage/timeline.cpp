#define CAF_SUITE storage_timeline

#include "tests/storage/lists_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace mediad;

namespace {

struct fixture : tests::lists_fixture {
  using month_counts = std::map<std::string, std::uint64_t>;

  month_counts months_of(const std::string& user) const {
    month_counts found;
    for (const auto& one : reader().months(id_of(user)).value())
      found[one.month] = one.files;
    return found;
  }

  static bool is_in_grids(const file_record& r) {
    return !r.is_part && r.state != status::receiving && r.deleted_at == 0;
  }
  static unix_ms date_of(const file_record& r) {
    return r.taken_at != 0 ? r.taken_at : r.created_at;
  }

  month_counts expected_months(const std::string& user) const {
    month_counts found;
    for (const auto& [id, r] : all)
      if (r.user == id_of(user) && is_in_grids(r))
        ++found[to_rfc3339(date_of(r)).substr(0, 7)];
    return found;
  }

  ids tiles_of(const std::string& user, const std::string& month, std::size_t limit) const {
    ids found;
    std::string cursor;
    do {
      const auto range = storage::parse_month(month).value();
      const auto page = reader().tiles(id_of(user), range, cursor, limit).value();
      for (const auto& one : page.tiles)
        found.push_back(one.id);
      cursor = page.cursor;
    } while (!cursor.empty());
    return found;
  }

  ids expected_tiles(const std::string& user, const std::string& month) const {
    std::vector<std::pair<unix_ms, std::string>> some;
    for (const auto& [id, r] : all)
      if (r.user == id_of(user) && is_in_grids(r) && to_rfc3339(date_of(r)).substr(0, 7) == month)
        some.emplace_back(date_of(r), id);
    std::sort(some.rbegin(), some.rend());
    ids found;
    for (const auto& one : some)
      found.push_back(one.second);
    return found;
  }

  void check_timeline() {
    const auto wanted = expected_months("ann");
    CAF_CHECK(months_of("ann") == wanted);
    for (const auto& [month, count] : wanted)
      CAF_CHECK_EQUAL(tiles_of("ann", month, 7), expected_tiles("ann", month));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(timeline_tests, fixture)

CAF_TEST(months and grids say what a look at every record says through all changes) {
  for (int round = 0; round < 5; ++round) {
    in_tables([&](storage::catalog& rows, auto&, auto&) {
      for (int i = 0; i < 30; ++i)
        put(rows, i % 5 == 0 ? new_record("bob") : new_record("ann"));
      for (int i = 0; i < 20; ++i) {
        auto changed = std::next(all.begin(), static_cast<std::ptrdiff_t>(any(all.size())))->second;
        if (any(4) == 0) {
          erase(rows, changed.id);
          continue;
        }
        vary(changed, {""});
        changed.deleted_at = any(4) == 0 ? 1 : 0;
        put(rows, changed);
      }
    });
    check_timeline();
  }
}

CAF_TEST(they are made at the first start of a store that has none) {
  in_tables([&](storage::catalog& rows, auto& txn, const auto& t) {
    for (int i = 0; i < 30; ++i)
      put(rows, new_record("ann"));
    forget_lists(txn, t);
  });
  check_timeline();
}

CAF_TEST(a grid shows what was made of a file and a month is a month) {
  finished("ann", "beach.jpg", "sand");
  const auto month = months_of("ann").begin()->first;
  const auto range = storage::parse_month(month).value();
  const auto page = reader().tiles(id_of("ann"), range, "", 10).value();
  CAF_REQUIRE_EQUAL(page.tiles.size(), 1u);
  CAF_CHECK_EQUAL(page.tiles.front().width, 32u);
  CAF_CHECK_EQUAL(page.tiles.front().height, 16u);
  CAF_CHECK_EQUAL(page.tiles.front().thumbhash, "thumb");
  CAF_CHECK_EQUAL(storage::month_of(-1), "1969-12");
  CAF_CHECK_EQUAL(storage::parse_month("1970-01").value().to, 2'678'400'000);
  CAF_CHECK_EQUAL(storage::parse_month("1969-12").value().to, 0);
  for (const auto* none : {"2026-13", "2026-00", "2026-1", "0001-01", "2026-1a", "", "2026_01"})
    CAF_CHECK(!storage::parse_month(none));
}

CAF_TEST_FIXTURE_SCOPE_END()
