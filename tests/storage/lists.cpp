#define CAF_SUITE storage_lists

#include "tests/storage/lists_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>

using namespace mediad;
using storage::list_sort;

namespace {

constexpr std::array sorts{list_sort::created, list_sort::name, list_sort::size, list_sort::taken};

struct fixture : tests::lists_fixture {
  ids folders{""};

  void make_folders() {
    for (const auto* name : {"2026", "2027"})
      folders.push_back(apply(storage::new_folder{id_of("ann"), "", name}).value().id);
  }

  void fill(std::size_t count) {
    in_tables([&](storage::catalog& rows, auto&, auto&) {
      for (std::size_t i = 0; i < count; ++i)
        put(rows, i % 5 == 0 ? new_record("bob") : new_record("ann", folders));
    });
  }

  /// Each list says what a look at every record says.
  void check_all(int queries) {
    for (int i = 0; i < queries; ++i) {
      const auto q = any_query(folders);
      const auto wanted = expected(q);
      const auto found = listed(q);
      CAF_CHECK_EQUAL(found, wanted);
      const auto total = reader().list(q).value().total;
      CAF_CHECK(total == wanted.size());
    }
  }

  std::map<std::string, std::uint64_t> tags_of(const std::string& user) const {
    std::map<std::string, std::uint64_t> found;
    for (const auto& tag : reader().tags(id_of(user), "", 500).value().tags)
      found[storage::folded_name(tag.name)] = tag.files;
    return found;
  }

  std::map<std::string, std::uint64_t> expected_tags(const std::string& user) const {
    std::map<std::string, std::uint64_t> found;
    for (const auto& [id, r] : all) {
      std::set<std::string> folded;
      if (r.user == id_of(user) && !r.is_part)
        for (const auto& tag : r.tags)
          folded.insert(storage::folded_name(tag));
      for (const auto& tag : folded)
        ++found[tag];
    }
    return found;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(lists_tests, fixture)

CAF_TEST(every list says what a look at every record says through all changes) {
  make_folders();
  fill(150);
  check_all(150);
  for (int round = 0; round < 4; ++round) {
    in_tables([&](storage::catalog& rows, auto&, auto&) {
      for (int i = 0; i < 40; ++i) {
        auto changed = std::next(all.begin(), static_cast<std::ptrdiff_t>(any(all.size())))->second;
        if (any(4) == 0) {
          erase(rows, changed.id);
          continue;
        }
        vary(changed, changed.user == id_of("ann") ? folders : ids{""});
        put(rows, changed);
      }
    });
    check_all(50);
    CAF_CHECK(tags_of("ann") == expected_tags("ann"));
    CAF_CHECK(tags_of("bob") == expected_tags("bob"));
  }
}

CAF_TEST(pages stay right while files come and go between them) {
  fill(120);
  for (const auto by : sorts)
    for (const bool ascending : {false, true}) {
      auto q = query();
      q.sort = by;
      q.ascending = ascending;
      q.limit = 10;
      const auto before = expected(q);
      ids found;
      do {
        const auto page = reader().list(q).value();
        for (const auto& r : page.files)
          found.push_back(r.id);
        q.cursor = page.cursor;
        in_tables([&](storage::catalog& rows, auto&, auto&) {
          // Among them, the file that the cursor stands at.
          if (!found.empty() && all.contains(found.back()))
            erase(rows, found.back());
          erase(rows, std::next(all.begin(), static_cast<std::ptrdiff_t>(any(all.size())))->first);
          for (int i = 0; i < 2; ++i)
            put(rows, new_record("ann"));
        });
      } while (!q.cursor.empty());
      const std::set<std::string> each(found.begin(), found.end());
      CAF_CHECK_EQUAL(each.size(), found.size());
      std::size_t missed = 0;
      for (const auto& id : before)
        missed += all.contains(id) && !each.contains(id) ? 1 : 0;
      CAF_CHECK_EQUAL(missed, 0u);
    }
}

CAF_TEST(a list says how many files it has up to ten thousand) {
  auto q = query();
  q.limit = 1;
  in_tables([&](storage::catalog& rows, auto&, auto&) {
    for (int i = 0; i < 10'000; ++i) {
      file_record r;
      r.id = make_ulid();
      r.user = q.user;
      r.name = "x";
      r.state = status::ready;
      rows.put(r).value();
    }
  });
  CAF_CHECK(reader().list(q).value().total == 10'000u);
  upload("ann", "one more", "sand");
  CAF_CHECK(!reader().list(q).value().total);
  q.state = status::registered;
  CAF_CHECK(reader().list(q).value().total == 1u);
  // None is a favourite, which takes a look at more than a page may look at.
  q.state = status::ready;
  q.profile = profile::video;
  CAF_CHECK(reader().list(q).value().total == 0u);
  q.profile = profile::other;
  q.limit = 500;
  const auto page = reader().list(q).value();
  CAF_CHECK_EQUAL(page.files.size(), 500u);
  CAF_CHECK(page.scanned == 500u);
  CAF_CHECK(!page.total);
}

CAF_TEST(one filter in any order is answered without a scan) {
  fill(10);
  for (const auto by : sorts) {
    std::vector<storage::list_query> some(7, query());
    some[1].tag = "sea";
    some[2].favourite = true;
    some[3].profile = profile::image;
    some[4].state = status::ready;
    some[5].folder = "";
    some[6].state = status::failed;
    for (auto& q : some) {
      q.sort = by;
      CAF_CHECK(!reader().list(q).value().scanned);
    }
  }
  auto q = query();
  q.sort = list_sort::taken;
  q.from = 0;
  q.to = 1;
  CAF_CHECK(!reader().list(q).value().scanned);
  q.sort = list_sort::name;
  CAF_CHECK(reader().list(q).value().scanned);
}

CAF_TEST(a cursor of another order or of nobody is refused) {
  fill(30);
  auto q = query();
  q.limit = 1;
  q.sort = list_sort::name;
  const auto of_names = reader().list(q).value().cursor;
  for (const auto by : {list_sort::size, list_sort::taken, list_sort::created})
    for (const auto& cursor : {of_names, std::string(600, 'n'), std::string{"bg"}}) {
      q.sort = by;
      q.cursor = cursor;
      CAF_CHECK(tests::code_of(reader().list(q)) == errc::bad_request);
    }
  q.sort = list_sort::name;
  q.cursor = of_names;
  CAF_CHECK(reader().list(q));
}

CAF_TEST(lists are made at the first start of a store that has none) {
  make_folders();
  fill(60);
  in_tables([](auto&, auto& txn, const auto& t) { forget_lists(txn, t); });
  check_all(60);
  CAF_CHECK(tags_of("ann") == expected_tags("ann"));
}

CAF_TEST(a pass that was cut short goes on) {
  fill(60);
  in_tables([&](storage::catalog& rows, auto& txn, const auto& t) {
    forget_lists(txn, t);
    rows.begin_relisting().value();
    storage::relisting_row pass;
    pass.seq = 7;
    for (auto one = all.begin(); one != std::next(all.begin(), 30); ++one) {
      pass.after = one->first;
      rows.list_again(one->first, pass).value();
    }
  });
  check_all(30);
  CAF_CHECK(tags_of("ann") == expected_tags("ann"));
}

CAF_TEST(what a release without lists has changed is in them at the next start) {
  fill(60);
  in_tables([&](storage::catalog&, auto& txn, const auto& t) {
    auto& changed = all.begin()->second;
    vary(changed, {""});
    txn.put(t.files, changed.id, storage::encode(changed)).value();
    // An event of its own, without the number that goes with the lists.
    storage::counter_row seq;
    seq.number = 1;
    txn.put(t.meta, "last_seq", storage::encode(seq)).value();
  });
  check_all(30);
}

CAF_TEST(a file that is missing in a list is found and listed again) {
  const auto r = finished("ann", "beach.jpg", "sand");
  in_tables([&](auto&, auto& txn, const auto& t) {
    txn.erase(t.lists, storage::list_keys(storage::listed_file::of(r)).front()).value();
  });
  CAF_CHECK(store->inspect({}).value().were_lists_wrong);
  open();
  CAF_CHECK(!store->inspect({}).value().were_lists_wrong);
}

CAF_TEST(tags come in pages) {
  in_tables([&](storage::catalog& rows, auto&, auto&) {
    auto r = new_record("ann");
    r.is_part = false;
    r.tags = {"d", "B", "a", "c"};
    put(rows, r);
  });
  std::string read;
  std::string cursor;
  do {
    const auto page = reader().tags(id_of("ann"), cursor, 3).value();
    for (const auto& tag : page.tags)
      read += tag.name;
    cursor = page.cursor;
  } while (!cursor.empty());
  CAF_CHECK_EQUAL(read, "aBcd");
  CAF_CHECK(tests::code_of(reader().tags(id_of("ann"), "!", 3)) == errc::bad_request);
}

CAF_TEST(who inherits files finds them in the lists) {
  storage::new_user admin{"ann", true};
  admin.takes_over = "ann";
  admin.role = user_role::admin;
  admin.password = "hash of ann";
  apply(admin).value();
  finished("bob", "beach.jpg", "sand");
  apply(storage::user_removal{id_of("bob"), id_of("ann")}).value();
  auto q = query();
  for (const auto by : sorts) {
    q.sort = by;
    CAF_CHECK_EQUAL(reader().list(q).value().files.size(), 1u);
  }
  CAF_CHECK(reader().list(query("bob")).value().files.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
