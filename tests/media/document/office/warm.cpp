#define CAF_SUITE media_document_office_warm

#include "tests/media/support/document_files.hpp"
#include "tests/media/worker/worker_link.hpp"

#include <chrono>
#include <map>
#include <poll.h>
#include <set>
#include <sys/syscall.h>
#include <thread>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

const std::string docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// The name and the parent in /proc/<pid>/stat (proc(5)); the name may hold spaces.
std::pair<std::string, pid_t> name_and_parent(const std::filesystem::path& process) {
  std::ifstream in{process / "stat"};
  const std::string line{std::istreambuf_iterator<char>{in}, {}};
  const auto open = line.find('(');
  const auto close = line.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close + 4 > line.size())
    return {};
  return {line.substr(open + 1, close - open - 1), std::atoi(line.c_str() + close + 4)};
}

struct warm_fixture : document_fixture {
  std::optional<process> worker;

  void start() {
    worker.emplace(std::vector<std::string>{"--kind", "office"});
    send_packet(worker->socket(), encode(options)).value();
    static_cast<void>(decode_report(receive_packet(worker->socket()).value()).value());
  }

  // The LibreOffices that the worker has started, itself or by others.
  std::set<pid_t> offices() const {
    std::map<pid_t, std::pair<std::string, pid_t>> all;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"})
      if (const auto pid = std::atoi(entry.path().filename().c_str()); pid > 0)
        all[pid] = name_and_parent(entry.path());
    std::set<pid_t> found;
    for (const auto& [pid, about] : all) {
      auto above = pid;
      while (above > 1 && above != worker->pid())
        above = all.contains(above) ? all.at(above).second : 0;
      if (about.first == "soffice.bin" && above == worker->pid())
        found.insert(pid);
    }
    return found;
  }

  // The first one that is none of @p known; 0 if none comes.
  pid_t await_office(const std::set<pid_t>& known) const {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < deadline) {
      for (const auto pid : offices())
        if (!known.contains(pid))
          return pid;
      std::this_thread::sleep_for(20ms);
    }
    return 0;
  }

  bool is_gone_soon(pid_t pid) const {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (offices().contains(pid)) {
      if (std::chrono::steady_clock::now() > deadline)
        return false;
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }

  begun_job begin_preview(const std::filesystem::path& file) {
    job work;
    work.kind = job_kind::document_preview;
    work.output_dir = output();
    work.media_type = docx;
    return begin(worker->socket(), work, file);
  }

  std::string preview(const std::filesystem::path& file) {
    const auto job = begin_preview(file);
    const auto answer = final_answer(job.answers.get(), [](double) {});
    const auto* failed = std::get_if<error>(&answer);
    return failed == nullptr ? "ok" : to_string(failed->code) + failed->detail;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(office_warm_tests, warm_fixture)

CAF_TEST(an office waits before the document comes and serves no second one) {
  start();
  const auto first = await_office({});
  CAF_REQUIRE(first != 0);
  CAF_CHECK_EQUAL(preview(sample("letter.docx")), "ok");
  const auto second = await_office({first});
  CAF_REQUIRE(second != 0);
  CAF_CHECK(is_gone_soon(first));
  CAF_CHECK_EQUAL(preview(sample("letter.docx")), "ok");
  CAF_CHECK(is_gone_soon(second));
  CAF_CHECK_EQUAL(listing(), "preview.webp ");
}

CAF_TEST(a damaged document costs its own office alone) {
  start();
  const auto first = await_office({});
  CAF_CHECK(preview(sample("truncated.docx")).starts_with("corrupt_media"));
  CAF_CHECK(is_gone_soon(first));
  CAF_CHECK_EQUAL(preview(sample("letter.docx")), "ok");
}

CAF_TEST(an office that ended before its document came is replaced by one that starts for it) {
  start();
  const auto first = await_office({});
  CAF_REQUIRE(first != 0);
  ::kill(first, SIGKILL);
  CAF_CHECK(is_gone_soon(first));
  CAF_CHECK_EQUAL(preview(sample("letter.docx")), "ok");
}

CAF_TEST(a conversion that is killed takes its office with it and leaves the worker) {
  start();
  const auto first = await_office({});
  CAF_REQUIRE(first != 0);
  const auto job = begin_preview(sample("letter.docx"));
  CAF_CHECK_EQUAL(::syscall(SYS_pidfd_send_signal, job.process.get(), SIGKILL, nullptr, 0), 0);
  CAF_CHECK(is_gone_soon(first));
  CAF_CHECK_EQUAL(preview(sample("letter.docx")), "ok");
}

CAF_TEST(no office waits where none is wanted) {
  options.office.warm = 0;
  start();
  CAF_CHECK_EQUAL(preview(sample("letter.docx")), "ok");
  CAF_CHECK(offices().empty());
}

CAF_TEST(a waiting office ends with its worker) {
  start();
  const auto waiting = await_office({});
  CAF_REQUIRE(waiting != 0);
  worker->hang_up();
  CAF_CHECK_EQUAL(worker->exit_code(), 0);
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (::kill(waiting, 0) == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(20ms);
  CAF_CHECK(::kill(waiting, 0) != 0);
}

CAF_TEST(a program that is no office stops nobody) {
  options.office.program = "/nonexistent";
  start();
  CAF_CHECK(preview(sample("letter.docx")).starts_with("internal"));
}

CAF_TEST_FIXTURE_SCOPE_END()
