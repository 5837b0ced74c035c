#define CAF_SUITE storage_history

#include "base/event_json.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <thread>

using namespace mediad;
using nlohmann::json;

namespace {

struct fixture : tests::scene {
  std::vector<event> all_events() const {
    return reader().events_after(0, 100'000).value();
  }

  void tell(const std::string& text, std::size_t times = 1) {
    apply_all(std::vector<storage::change>(times, storage::notice{"", text}));
  }

  storage::list_page page(storage::list_query q) const {
    return reader().list(q).value();
  }

  /// All pages of a query, as ids.
  std::vector<std::string> all_pages(storage::list_query q) const {
    std::vector<std::string> ids;
    do {
      const auto p = page(q);
      CAF_CHECK(p.files.size() <= q.limit);
      for (const auto& r : p.files)
        ids.push_back(r.id);
      q.cursor = p.cursor;
    } while (!q.cursor.empty());
    return ids;
  }

  std::vector<std::string> begin_many(const std::string& user, std::size_t count) {
    std::vector<std::string> ids;
    std::vector<storage::change> group(count, storage::new_upload{id_of(user), "f"});
    for (const auto& done : apply_all(std::move(group)))
      ids.push_back(done.value().record.id);
    return ids;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(history_tests, fixture)

CAF_TEST(events have numbers without holes whatever fails in between) {
  const auto a = upload("ann", "a", "1");
  std::vector<storage::change> group;
  for (int i = 0; i < 30; ++i) {
    group.emplace_back(storage::notice{id_of("ann"), "n"});
    group.emplace_back(storage::removal{"01ARZ3NDEKTSV4RRFFQ69G5FAV"});
  }
  apply_all(group);
  go(a.id, status::processing).value();
  std::uint64_t expected = 0;
  for (const auto& e : all_events())
    CAF_CHECK_EQUAL(e.seq, ++expected);
  CAF_CHECK_EQUAL(expected, 32u);
}

CAF_TEST(numbers go on after a restart) {
  tell("one");
  open();
  tell("two");
  CAF_CHECK_EQUAL(history(), "1 notice\n2 notice\n");
}

CAF_TEST(a frame is what clients get) {
  const auto r = upload("ann", "beach.jpg", "sand");
  const auto e = all_events().at(0);
  CAF_CHECK_EQUAL(e.type, "file.registered");
  CAF_CHECK_EQUAL(e.file_id, r.id);
  CAF_CHECK_EQUAL(e.user, id_of("ann"));
  const auto frame = json::parse(frame_of(e));
  CAF_CHECK_EQUAL(frame.size(), 4u);
  CAF_CHECK_EQUAL(frame.at("seq").get<int>(), 1);
  CAF_CHECK_EQUAL(frame.at("type").get<std::string>(), "file.registered");
  CAF_CHECK_EQUAL(frame.at("file").at("id").get<std::string>(), r.id);
  CAF_CHECK_EQUAL(frame.at("at").get<std::string>(),
                  frame.at("file").at("updated_at").get<std::string>());
  CAF_CHECK(!frame.at("file").contains("private"));
}

CAF_TEST(the event of a deleted file carries its id and its last record) {
  const auto r = upload("ann", "beach.jpg", "sand");
  apply(storage::removal{r.id}).value();
  const auto frame = json::parse(frame_of(all_events().at(1)));
  CAF_CHECK_EQUAL(frame.at("type").get<std::string>(), "file.deleted");
  CAF_CHECK_EQUAL(frame.at("id").get<std::string>(), r.id);
  CAF_CHECK_EQUAL(frame.at("file").at("name").get<std::string>(), "beach.jpg");
}

CAF_TEST(a notice of odd bytes is still a frame) {
  const auto e = apply(storage::notice{id_of("ann"), "tea \" \\ \xff \n"}).value().event.value();
  CAF_CHECK_EQUAL(e.user, id_of("ann"));
  const auto frame = json::parse(frame_of(e));
  CAF_CHECK_EQUAL(frame.at("message").get<std::string>(), "tea \" \\ \uFFFD \n");
  CAF_CHECK_EQUAL(frame.size(), 4u);
}

CAF_TEST(what is announced is what is stored) {
  const auto told = apply(storage::notice{"", "hello"}).value().event.value();
  const auto kept = all_events().at(0);
  CAF_CHECK_EQUAL(frame_of(told), frame_of(kept));
  CAF_CHECK_EQUAL(told.seq, kept.seq);
}

CAF_TEST(only the newest events are kept and the newest number is never forgotten) {
  settings.keep_events = 10;
  open();
  tell("old", 30);
  tell("new");
  const auto range = reader().events().value();
  CAF_CHECK_EQUAL(range.newest, 31u);
  CAF_CHECK_EQUAL(range.oldest, 22u);
  const auto kept = all_events();
  CAF_CHECK_EQUAL(kept.front().seq, 22u);
  settings.keep_events = 0;
  open();
  for (int i = 0; i < 4; ++i)
    tell("x");
  const auto none = reader().events().value();
  CAF_CHECK_EQUAL(none.oldest, 0u);
  tell("last");
  const auto newest = reader().events().value();
  CAF_CHECK_EQUAL(newest.newest, 36u);
}

CAF_TEST(events after a number come in order up to a limit) {
  tell("x", 20);
  const auto some = reader().events_after(5, 3).value();
  CAF_REQUIRE_EQUAL(some.size(), 3u);
  CAF_CHECK_EQUAL(some.front().seq, 6u);
  CAF_CHECK_EQUAL(some.back().seq, 8u);
  CAF_CHECK(reader().events_after(20, 3).value().empty());
  CAF_CHECK(reader().events_after(UINT64_MAX, 3).value().empty());
}

CAF_TEST(a new store has no events) {
  const auto range = reader().events().value();
  CAF_CHECK_EQUAL(range.oldest, 0u);
  CAF_CHECK_EQUAL(range.newest, 0u);
}

CAF_TEST(a thousand files are listed newest first page by page) {
  auto ids = begin_many("ann", 1000);
  begin_many("bob", 10);
  std::reverse(ids.begin(), ids.end());
  storage::list_query q;
  q.user = id_of("ann");
  q.limit = 77;
  CAF_CHECK(all_pages(q) == ids);
  q.limit = 500;
  CAF_CHECK(all_pages(q) == ids);
}

CAF_TEST(a page that ends with the last file has no cursor) {
  begin_many("ann", 4);
  storage::list_query q;
  q.user = id_of("ann");
  q.limit = 4;
  const auto all = page(q);
  CAF_CHECK_EQUAL(all.files.size(), 4u);
  CAF_CHECK(all.cursor.empty());
}

CAF_TEST(a list shows what its filters ask for) {
  const auto done = finished("ann", "a", "1");
  const auto waiting = upload("ann", "b", "2");
  finished("bob", "c", "3");
  storage::list_query q;
  q.user = id_of("ann");
  q.state = status::ready;
  CAF_CHECK_EQUAL(all_pages(q), std::vector<std::string>{done.id});
  q.state = status::registered;
  CAF_CHECK_EQUAL(all_pages(q), std::vector<std::string>{waiting.id});
  q.profile = profile::video;
  CAF_CHECK(all_pages(q).empty());
}

CAF_TEST(one user is never listed with another whose name begins the same) {
  begin_many("an", 1);
  begin_many("ann", 2);
  begin_many("anna", 3);
  storage::list_query q;
  q.user = id_of("ann");
  const auto theirs = page(q);
  CAF_CHECK_EQUAL(theirs.files.size(), 2u);
  q.user = id_of("ann").substr(0, 25);
  CAF_CHECK(page(q).files.empty());
  q.user = "";
  CAF_CHECK(page(q).files.empty());
}

CAF_TEST(a query out of range is refused) {
  storage::list_query q;
  q.user = id_of("ann");
  for (const std::size_t limit : {std::size_t{0}, std::size_t{501}}) {
    q.limit = limit;
    CAF_CHECK(reader().list(q).error().code == errc::bad_request);
  }
  q.limit = 1;
  q.cursor = "../x";
  CAF_CHECK(reader().list(q).error().code == errc::bad_request);
}

CAF_TEST(unfinished files are those registered or processing with the oldest first) {
  finished("ann", "a", "1");
  const auto b = upload("ann", "b", "2");
  const auto c = upload("bob", "c", "3");
  go(b.id, status::processing).value();
  go(upload("ann", "d", "4").id, status::failed).value();
  begin("ann", "e", "5");
  CAF_CHECK_EQUAL(reader().unfinished().value(), (std::vector<std::string>{b.id, c.id}));
}

CAF_TEST(nothing from outside becomes a path) {
  file_record odd;
  odd.id = "../../etc/passwd";
  odd.sha256 = "../../etc/passwd";
  const auto v = reader();
  CAF_CHECK(v.staging_path(odd.id).empty());
  CAF_CHECK(v.work_dir(odd.id, 1).empty());
  CAF_CHECK(!v.open_original(odd));
  CAF_CHECK(!v.open_staged(odd.id));
}

CAF_TEST(readers on other threads see whole states while the writer goes on) {
  const auto v = reader();
  std::atomic<bool> over{false};
  std::atomic<int> torn{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      std::uint64_t newest = 0;
      while (!over) {
        const auto events = v.events_after(0, 1000);
        const bool whole = events && (events->empty() || events->back().seq == events->size());
        torn += whole && events->size() >= newest ? 0 : 1;
        newest = events ? events->size() : 0;
      }
    });
  for (int i = 0; i < 20; ++i)
    tell("x", 5);
  over = true;
  for (auto& r : readers)
    r.join();
  CAF_CHECK_EQUAL(torn.load(), 0);
}

CAF_TEST(free space is that of the file system) {
  const auto free = reader().free_bytes();
  CAF_REQUIRE(free);
  CAF_CHECK(*free > 0 && *free <= std::filesystem::space(root()).available + (1U << 30U));
}

CAF_TEST_FIXTURE_SCOPE_END()
