#define CAF_SUITE media_worker_sandbox

#include "media/job/json.hpp"
#include "tests/media/support/pictures.hpp"
#include "tests/media/worker/sandbox/escapes.hpp"
#include "tests/media/worker/worker_link.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <poll.h>
#include <set>
#include <sys/syscall.h>
#include <sys/un.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

using attempts = std::map<std::string, int>;
using names = std::set<std::string>;

/// A job, a file of another job beside it, and a UNIX socket that is listened on.
struct fixture : workbench {
  temp_root others;
  unique_fd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  targets at;

  fixture() {
    input("anything", "");
    write(others.path / "another", "secret");
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    at.unix_socket = others.path / "socket";
    at.unix_socket.copy(static_cast<char*>(name.sun_path), sizeof name.sun_path - 1);
    if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0
        || ::listen(listener.get(), 8) != 0)
      throw std::runtime_error{"no socket to connect to"};
    at.input = input_file;
    at.work_folder = work.output_dir;
    at.another_file = others.path / "another";
    at.outside = others.path / "made";
    for (const auto& target : {at.another_file, at.outside, at.unix_socket})
      work.members.emplace_back().name = target;
  }

  process start(std::vector<std::string> arguments = {}) {
    return process{std::move(arguments), MEDIAD_TAKEN_OVER_WORKER};
  }

  sandbox_report told(process& worker) {
    send_packet(worker.socket(), encode(options)).value();
    return decode_report(receive_packet(worker.socket()).value()).value();
  }

  std::string media_of(process& worker, const std::string& name) {
    work.name = name;
    const auto answers = hand_over(worker.socket(), work, input_file);
    return std::get<job_result>(final_answer(answers.get(), [](double) {})).media;
  }

  attempts tried(process& worker, const std::string& name) {
    return nlohmann::json::parse(media_of(worker, name)).get<attempts>();
  }
};

names succeeded(const attempts& all) {
  names found;
  for (const auto& [name, failed_with] : all)
    if (failed_with == 0)
      found.insert(name);
  return found;
}

std::string list(const names& all) {
  std::string text;
  for (const auto& name : all)
    text += name + "; ";
  return text;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(sandbox_tests, fixture)

CAF_TEST(without a sandbox every harmless attempt succeeds) {
  auto all = try_harmless(at);
  // These two a system may forbid to everybody.
  all.erase("io_uring");
  all.erase("new user namespace");
  for (const auto& [name, failed_with] : all)
    CAF_CHECK_EQUAL(name + ": " + std::to_string(failed_with), name + ": 0");
}

CAF_TEST(the sandbox has all its parts here) {
  auto worker = start();
  const auto report = told(worker);
  CAF_CHECK_EQUAL(describe_missing(report), "");
}

CAF_TEST(a job that was taken over has its input and its folder and nothing else) {
  auto worker = start();
  told(worker);
  const auto escaped = list(succeeded(tried(worker, "harmless")));
  CAF_CHECK_EQUAL(escaped, "read the input; write into the work folder; ");
}

CAF_TEST(attacks on the parent and on the limits fail and hurt nobody) {
  auto worker = start();
  told(worker);
  CAF_CHECK_EQUAL(list(succeeded(tried(worker, "harmful"))), "");
  CAF_CHECK_EQUAL(media_of(worker, "remember"), "1"); // the worker still works
}

CAF_TEST(a job that starts programs can do that and no more) {
  auto worker = start({"--starts-programs"});
  told(worker);
  const auto escaped = list(succeeded(tried(worker, "harmless")));
  CAF_CHECK_EQUAL(escaped, "fork; memory to write and run; read the input; run /bin/true; "
                           "write into the work folder; ");
  CAF_CHECK_EQUAL(list(succeeded(tried(worker, "harmful"))), "");
}

CAF_TEST(nothing that a job remembers reaches the next one) {
  auto worker = start();
  told(worker);
  CAF_CHECK_EQUAL(media_of(worker, "remember"), "1");
  CAF_CHECK_EQUAL(media_of(worker, "remember"), "1");
}

CAF_TEST(a job that answers and does not end holds up no other) {
  auto worker = start();
  told(worker);
  CAF_CHECK_EQUAL(media_of(worker, "answer and stay"), "{}");
  CAF_CHECK_EQUAL(media_of(worker, "answer and stay"), "{}");
  CAF_CHECK_EQUAL(media_of(worker, "remember"), "1");
}

CAF_TEST(a process that a job leaves behind is killed before the next job) {
  auto worker = start({"--starts-programs"});
  told(worker);
  work.name = "leave a process";
  const auto answers = hand_over(worker.socket(), work, input_file);
  static_cast<void>(final_answer(answers.get(), [](double) {}));
  // The leftover holds the other end of the job's socket as long as it lives.
  pollfd end{answers.get(), POLLIN, 0};
  CAF_CHECK_EQUAL(::poll(&end, 1, 10'000), 1);
  const auto next = receive_packet(answers.get());
  CAF_REQUIRE(!next);
  CAF_CHECK(next.error().code == errc::worker_died);
}

CAF_TEST(nothing that a job started outlives a worker that is killed) {
  auto worker = start({"--starts-programs"});
  told(worker);
  work.name = "leave a process and stay";
  const auto answers = hand_over(worker.socket(), work, input_file);
  CAF_REQUIRE(receive_packet(answers.get())); // its progress: the other process is there now
  ::kill(worker.pid(), SIGKILL);
  pollfd end{answers.get(), POLLIN, 0};
  CAF_CHECK_EQUAL(::poll(&end, 1, 10'000), 1);
  const auto next = receive_packet(answers.get());
  CAF_REQUIRE(!next);
  CAF_CHECK(next.error().code == errc::worker_died);
}

CAF_TEST(a job that is killed takes what it started with it and leaves its worker) {
  auto worker = start({"--starts-programs"});
  told(worker);
  work.name = "leave a process and stay";
  const auto job = begin(worker.socket(), work, input_file);
  CAF_REQUIRE(receive_packet(job.answers.get())); // its progress: the other process is there now
  CAF_CHECK_EQUAL(::syscall(SYS_pidfd_send_signal, job.process.get(), SIGKILL, nullptr, 0), 0);
  pollfd end{job.answers.get(), POLLIN, 0};
  CAF_CHECK_EQUAL(::poll(&end, 1, 10'000), 1);
  CAF_CHECK(!receive_packet(job.answers.get()));
  CAF_CHECK_EQUAL(media_of(worker, "remember"), "1");
}

CAF_TEST(a crash shows as the end of the job and ends its worker) {
  auto worker = start();
  told(worker);
  work.name = "crash";
  const auto answers = hand_over(worker.socket(), work, input_file);
  const auto answer = receive_packet(answers.get());
  CAF_REQUIRE(!answer);
  CAF_CHECK(answer.error().code == errc::worker_died);
  CAF_CHECK_EQUAL(worker.exit_code(), 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
