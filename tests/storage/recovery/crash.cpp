#define CAF_SUITE storage_recovery_crash

#include "base/process.hpp"
#include "tests/storage/recovery/crash_body.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <map>
#include <poll.h>
#include <random>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

/// What the writers of all rounds were told is durable.
struct acknowledged {
  std::map<std::string, unsigned> registered; ///< id → number of its body
  std::set<std::string> ready;
  std::set<std::string> removing; ///< Asked for; may have happened.
  std::set<std::string> removed;
  std::map<std::string, std::uint64_t> saved; ///< id of an open upload → its offset

  void hear(const std::string& line) {
    std::istringstream words{line};
    std::string what;
    std::string id;
    words >> what >> id;
    if (what == "registered")
      words >> registered[id];
    else if (what == "ready")
      ready.insert(id);
    else if (what == "removing")
      removing.insert(id);
    else if (what == "removed")
      removed.insert(id);
    else if (what == "saved")
      words >> saved[id];
  }
};

struct child_process {
  pid_t pid = -1;
  unique_fd out;
};

child_process start_writer(const fs::path& root, unsigned seed) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error{"pipe2"};
  unique_fd read_end{ends[0]};
  const unique_fd write_end{ends[1]};
  spawn_options options;
  options.give(write_end.get(), STDOUT_FILENO);
  const auto pid = options.spawn({MEDIAD_STORAGE_WRITER, root.string(), std::to_string(seed)});
  if (!pid)
    throw std::runtime_error{pid.error().detail};
  return {*pid, std::move(read_end)};
}

struct fixture : tests::scene {
  acknowledged heard;
  std::mt19937 random{std::random_device{}()};

  /// Hears @p lines lines of a writer, then kills it after up to 12 ms more, and hears the rest.
  void run_and_kill(unsigned seed, unsigned lines) {
    const auto child = start_writer(root(), seed);
    std::string text;
    const auto read_some = [&] {
      char block[4096];
      const auto n = ::read(child.out.get(), block, sizeof block);
      if (n > 0)
        text.append(block, static_cast<std::size_t>(n));
      return n > 0;
    };
    while (std::count(text.begin(), text.end(), '\n') < lines && read_some()) {
    }
    pollfd nothing{-1, 0, 0};
    const timespec moment{0, static_cast<long>(random() % 12'000'000)};
    ::ppoll(&nothing, 1, &moment, nullptr);
    ::kill(child.pid, SIGKILL);
    while (read_some()) {
    }
    int how = 0;
    ::waitpid(child.pid, &how, 0);
    CAF_REQUIRE(WIFSIGNALED(how));
    std::istringstream all{text};
    // What follows the last line end was cut off in the middle of being said.
    for (std::string line; std::getline(all, line) && !all.eof();)
      heard.hear(line);
  }

  bool holds(const std::string& id) const {
    const auto record = reader().find(id);
    return record && read(original_path(*record)) == tests::crash_body(heard.registered.at(id));
  }

  int lost() const {
    int count = 0;
    for (const auto& [id, body] : heard.registered)
      count += heard.removing.count(id) == 0 && !holds(id) ? 1 : 0;
    return count;
  }

  int not_ready() const {
    int count = 0;
    for (const auto& id : heard.ready)
      count += heard.removing.count(id) == 0 && find(id).state != status::ready ? 1 : 0;
    return count;
  }

  /// Uploads that do not hold what was acknowledged, or report what is not there.
  int shrunk() const {
    int count = 0;
    for (const auto& [id, offset] : heard.saved) {
      if (heard.removing.count(id) != 0)
        continue;
      const auto state = reader().find_upload(id).value();
      const auto there = state.complete ? original_path(find(id)) : reader().staging_path(id);
      const auto bytes = read(there);
      const auto body = tests::upload_body(id);
      const bool is_right = state.offset >= offset && bytes.size() >= state.offset
                            && body.compare(0, state.offset, bytes, 0, state.offset) == 0;
      count += is_right ? 0 : 1;
    }
    return count;
  }

  int risen() const {
    int count = 0;
    for (const auto& id : heard.removed)
      count += reader().find(id) ? 1 : 0;
    return count;
  }

  bool history_is_whole() const {
    std::uint64_t expected = 0;
    for (const auto& e : reader().events_after(0, 1'000'000).value())
      if (e.seq != ++expected)
        return false;
    return expected == reader().events().value().newest;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(crash_tests, fixture)

CAF_TEST(
  a writer killed at thirty random moments loses nothing it acknowledged and leaves no orphan) {
  for (unsigned round = 0; round < 30; ++round) {
    store.reset();
    run_and_kill(round * 1000, 1 + static_cast<unsigned>(random() % 25));
    open();
    CAF_CHECK_EQUAL(lost(), 0);
    CAF_CHECK_EQUAL(not_ready(), 0);
    CAF_CHECK_EQUAL(shrunk(), 0);
    CAF_CHECK_EQUAL(risen(), 0);
    CAF_CHECK(history_is_whole());
    CAF_CHECK_EQUAL(tree(), promised());
    CAF_CHECK(!store->inspect({}).value().were_lists_wrong);
  }
  CAF_CHECK(heard.registered.size() > 30);
  CAF_CHECK(!heard.ready.empty());
  CAF_CHECK(!heard.removed.empty());
  CAF_CHECK(!heard.saved.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
