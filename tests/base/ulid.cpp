#define CAF_SUITE base_ulid

#include "base/ulid.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

using namespace mediad;

CAF_TEST(ids of one millisecond grow strictly) {
  auto last = make_ulid(1'000);
  for (int i = 0; i < 10'000; ++i) {
    auto next = make_ulid(1'000);
    CAF_REQUIRE(next > last);
    last = std::move(next);
  }
}

CAF_TEST(ids grow although the clock steps back) {
  const auto before = make_ulid(2'000'000'000'000);
  const auto after = make_ulid(1'000'000'000'000);
  CAF_CHECK(after > before);
}

CAF_TEST(the first ten characters are the time) {
  // 2^48 - 1 milliseconds is the greatest time there is.
  const auto id = make_ulid(281'474'976'710'655);
  CAF_CHECK_EQUAL(id.substr(0, 10), "7ZZZZZZZZZ");
  CAF_CHECK(is_ulid(id));
}

CAF_TEST(threads never get the same id) {
  constexpr int each = 5'000;
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& ids : made)
    threads.emplace_back([&ids] {
      for (int i = 0; i < each; ++i)
        ids.push_back(make_ulid());
    });
  for (auto& thread : threads)
    thread.join();
  std::set<std::string> all;
  for (const auto& ids : made)
    all.insert(ids.begin(), ids.end());
  CAF_CHECK_EQUAL(all.size(), 4u * each);
}

CAF_TEST(only 26 upper - case Crockford characters are an id) {
  CAF_CHECK(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
  for (const auto* text :
       {"", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVX",
        "01arz3ndektsv4rrffq69g5fav", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAI",
        "01ARZ3NDEKTSV4RRFFQ69G5F/.", "../../../../../etc/passwd0"})
    CAF_CHECK(!is_ulid(text));
}
