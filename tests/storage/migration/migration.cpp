#define CAF_SUITE storage_migration

#include "storage/migration/migration.hpp"

#include "base/event_json.hpp"
#include "base/record_json.hpp"
#include "base/ulid.hpp"
#include "storage/store.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

/// The data folder that a server of schema 1 left (tests/data/schema1), and what clients saw of it.
struct fixture : tests::temp_root {
  storage::settings settings;

  fixture() {
    settings.map_bytes = std::size_t{64} << 20U;
    settings.min_free_bytes = 0;
    unpack();
  }

  void unpack() {
    settings.root = path / make_ulid();
    fs::create_directory(settings.root);
    const auto command =
      "tar -xJf '" MEDIAD_SCHEMA1_DATA "/data.tar.xz' -C '" + settings.root.string() + "'";
    CAF_REQUIRE_EQUAL(std::system(command.c_str()), 0);
  }

  /// A line for every event, then one for every record, as schema 1 had them.
  static std::vector<std::string> told() {
    std::ifstream file{MEDIAD_SCHEMA1_DATA "/expected.jsonl"};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
      lines.push_back(line);
    return lines;
  }

  /// Without the members that records have had since.
  static std::string as_in_schema_1(const std::string& line) {
    auto said = nlohmann::ordered_json::parse(line);
    auto& record = said.contains("file") ? said["file"] : said;
    if (record.is_object())
      for (const auto* member : {"folder", "modified_at", "taken_at", "tags", "favourite",
                                 "description", "metadata", "revision", "trashed_at"})
        record.erase(member);
    return said.dump();
  }

  std::vector<std::string> seen(storage::store& store) const {
    std::vector<std::string> lines;
    for (const auto& e : store.reader().events_after(0, 1000).value())
      lines.push_back(as_in_schema_1(frame_of(e)));
    storage::list_query all;
    all.user = store.reader().find_user("local").value();
    all.limit = 500;
    for (const auto& r : store.reader().list(all).value().files)
      lines.push_back(as_in_schema_1(public_json(r).dump()));
    return lines;
  }

  /// A process may open one database once at a time, so the store is closed before schema() looks.
  std::vector<std::string> seen_once_open() const {
    auto store = storage::store::open(settings).value();
    return seen(store);
  }

  /// Opens the store: all is there that schema 1 had, but for two uploads that it had told nobody
  /// of.
  void check_whole() {
    const auto after = seen_once_open();
    CAF_CHECK_EQUAL(schema(), storage::current_schema);
    CAF_CHECK_EQUAL(after.size(), told().size() - 2);
    CAF_CHECK(!fs::exists(settings.root / "system/db.new"));
  }

  std::uint32_t schema() const {
    return storage::database::look(settings).value()->schema;
  }

  ino_t database_file() const {
    struct stat about {};
    return ::stat((settings.root / "system/db/data.mdb").c_str(), &about) == 0 ? about.st_ino : 0;
  }

  /// Opens the store in a process of its own, which is killed after a while.
  /// @returns whether it was killed before it was done.
  bool open_and_kill(std::chrono::microseconds after) const {
    const auto child = ::fork();
    if (child == 0) {
      const auto opened = storage::store::open(settings);
      ::_exit(opened ? 0 : 1);
    }
    const timespec moment{0, static_cast<long>(after.count()) * 1000};
    pollfd nothing{-1, 0, 0};
    ::ppoll(&nothing, 1, &moment, nullptr);
    ::kill(child, SIGKILL);
    int how = 0;
    ::waitpid(child, &how, 0);
    CAF_CHECK(WIFSIGNALED(how) || WEXITSTATUS(how) == 0);
    return WIFSIGNALED(how);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(migration_tests, fixture)

CAF_TEST(clients see the same after the migration as before) {
  CAF_CHECK_EQUAL(schema(), 1u);
  const auto after = seen_once_open();
  CAF_CHECK_EQUAL(schema(), storage::current_schema);
  auto before = told();
  // Uploads that had no answer yet are gone.
  std::erase_if(before, [](const std::string& line) {
    return line.find(R"("name":"cut short.bin")") != std::string::npos
           || line.find(R"("name":"with another key.bin")") != std::string::npos;
  });
  CAF_CHECK_EQUAL(after.size(), before.size());
  for (std::size_t i = 0; i < std::min(after.size(), before.size()); ++i)
    CAF_CHECK_EQUAL(after[i], before[i]);
}

CAF_TEST(the service manager hears that a migration goes on) {
  const auto name = (path / "notify").string();
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  name.copy(static_cast<char*>(at.sun_path), sizeof at.sun_path - 1);
  const unique_fd manager{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  CAF_REQUIRE_EQUAL(::bind(manager.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  const auto found = storage::database::look(settings).value().value();
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  CAF_CHECK(storage::migrate(settings, found, std::chrono::milliseconds{0}));
  ::unsetenv("NOTIFY_SOCKET");
  const std::string begin = "EXTEND_TIMEOUT_USEC=60000000\nSTATUS=migrating the database to schema "
                            + std::to_string(storage::current_schema) + ": ";
  std::vector<int> percent;
  std::array<char, 512> message{};
  for (ssize_t n = 0;
       (n = ::recv(manager.get(), message.data(), message.size(), MSG_DONTWAIT)) > 0;) {
    const std::string told{message.data(), static_cast<std::size_t>(n)};
    CAF_CHECK_EQUAL(told.substr(0, begin.size()), begin);
    percent.push_back(std::stoi(told.substr(begin.size())));
  }
  CAF_REQUIRE(percent.size() > 2);
  CAF_CHECK_EQUAL(percent.front(), 0);
  CAF_CHECK_EQUAL(percent.back(), 100);
  CAF_CHECK(std::is_sorted(percent.begin(), percent.end()));
  const auto is_on_the_way = [](int p) {
    return p > 0 && p < 100;
  };
  CAF_CHECK(std::any_of(percent.begin(), percent.end(), is_on_the_way));
}

CAF_TEST(what was unfinished can be gone on with) {
  auto store = storage::store::open(settings).value();
  const auto v = store.reader();
  CAF_CHECK_EQUAL(v.unfinished().value().size(), 4u);
  CAF_CHECK_EQUAL(v.unjoined().value().size(), 1u);
  const auto user = v.find_user("local").value();
  CAF_CHECK_EQUAL(v.find_usage(user).value().open_uploads, 8u);
  CAF_CHECK(v.find_key(user, "first key").value());
  std::size_t offsets = 0;
  storage::list_query open;
  open.user = user;
  open.state = status::receiving;
  for (const auto& r : v.list(open).value().files) {
    const auto state = v.find_upload(r.id).value();
    CAF_CHECK(fs::file_size(v.staging_path(r.id)) >= state.offset);
    offsets += state.offset;
  }
  CAF_CHECK_EQUAL(offsets, 5'000u + 100 + 7'000); // parts are in no list
}

CAF_TEST(links are where the records say and names that are the same by now are apart) {
  auto store = storage::store::open(settings).value();
  const auto originals = settings.root / "users/local/originals";
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator{originals})
    names.insert(entry.path().filename().string());
  CAF_CHECK(names.contains("image.jpg"));
  CAF_CHECK(!names.contains("Image.JPG"));
  storage::list_query all;
  all.user = store.reader().find_user("local").value();
  std::size_t files = 0;
  for (const auto& r : store.reader().list(all).value().files) {
    if (r.state == status::receiving)
      continue;
    ++files;
    CAF_CHECK(fs::equivalent(settings.root / storage::original_link(r).path(),
                             settings.root / storage::blob_place(r.sha256).path()));
  }
  CAF_CHECK_EQUAL(names.size(), files);
}

CAF_TEST(a second start migrates nothing) {
  storage::store::open(settings).value();
  const auto file = database_file();
  storage::store::open(settings).value();
  CAF_CHECK_EQUAL(database_file(), file);
  CAF_CHECK(!fs::exists(settings.root / "system/db.new"));
}

CAF_TEST(a migration killed at ten random moments leaves the old database or the new one) {
  const auto begun = std::chrono::steady_clock::now();
  storage::store::open(settings).value();
  const auto whole = std::chrono::steady_clock::now() - begun;
  std::mt19937 random{std::random_device{}()};
  const auto most = std::chrono::duration_cast<std::chrono::microseconds>(whole).count();
  int killed = 0;
  bool was_new = true;
  for (int tries = 0; killed < 10 && tries < 1000; ++tries) {
    if (was_new)
      unpack();
    const std::chrono::microseconds moment{
      std::uniform_int_distribution<long>{most / 20, std::min(most, 900'000L)}(random)};
    killed += open_and_kill(moment) ? 1 : 0;
    const auto now = schema();
    CAF_CHECK(now == 1 || now == storage::current_schema);
    was_new = now != 1;
    if (was_new)
      check_whole();
  }
  CAF_CHECK_EQUAL(killed, 10);
  unpack();
  check_whole();
}

CAF_TEST(a rehearsal reads every row and writes nothing) {
  const auto file = database_file();
  const auto size = fs::file_size(settings.root / "system/db/data.mdb");
  const auto plan = storage::rehearse_migration(settings, {1, 1});
  CAF_REQUIRE(plan);
  CAF_CHECK(plan->rows > 69);
  CAF_CHECK(plan->needed_bytes >= size / 2);
  CAF_CHECK_EQUAL(schema(), 1u);
  CAF_CHECK_EQUAL(database_file(), file);
  CAF_CHECK_EQUAL(fs::file_size(settings.root / "system/db/data.mdb"), size);
}

CAF_TEST(a row that cannot be read stops the migration by name and leaves everything as it was) {
  const auto broken = [&] {
    storage::lmdb::environment_settings e;
    e.map_bytes = settings.map_bytes;
    auto env = storage::lmdb::environment::open(settings.root / "system/db", e).value();
    const auto files = env.open_table("files").value();
    auto txn = env.write().value();
    txn.put(files, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "{").value();
    std::move(txn).commit().value();
  };
  broken();
  const auto refused = storage::store::open(settings);
  CAF_REQUIRE(!refused);
  CAF_CHECK(refused.error().detail.find("01ARZ3NDEKTSV4RRFFQ69G5FAV") != std::string::npos);
  CAF_CHECK(!storage::rehearse_migration(settings, {1, 1}));
  CAF_CHECK_EQUAL(schema(), 1u);
}

CAF_TEST(another schema than the first cannot be migrated from) {
  CAF_CHECK(storage::rehearse_migration(settings, {0, 0}).error().code == errc::conflict);
}

CAF_TEST_FIXTURE_SCOPE_END()
