#define CAF_SUITE media_worker

#include "base/sha256.hpp"
#include "media/worker/perform.hpp"
#include "tests/media/support/pictures.hpp"
#include "tests/media/worker/worker_link.hpp"

#include <zip.h>

#include <sys/resource.h>
#include <thread>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

struct fixture : workbench {
  /// The final answer to the bench's job; progress is kept on the way.
  from_worker ask(int socket, job_kind kind) {
    work.kind = kind;
    return final_answer_of(hand_over(socket, work, input_file));
  }

  from_worker final_answer_of(const unique_fd& answers) {
    return final_answer(answers.get(), [this](double step) { progress.push_back(step); });
  }

  /// The answer to the bench's job when @p jobs does it here.
  from_worker answer_of(job_function jobs) {
    socket_pair answers;
    auto doing = std::thread{[&] {
      static_cast<void>(perform({work, {}, {}, {}, {}}, options, jobs, answers.theirs.get()));
    }};
    auto answer = final_answer_of(answers.ours);
    doing.join();
    return answer;
  }
};

std::string code_of(const from_worker& answer) {
  const auto* failed = std::get_if<error>(&answer);
  return failed == nullptr ? "ok" : to_string(failed->code);
}

result<job_result> unreliable(const job& work, const job_context& context) {
  if (work.name == "throws")
    throw std::runtime_error{"a bug"};
  if (work.name == "throws a number")
    throw 7;
  for (int i = 0; i <= 10'000; ++i)
    context.progress(i / 5'000.0); // up to 2: a fraction ends at 1
  job_result done;
  if (work.name == "promises too much")
    done.files.emplace_back().name = "nothing.webp";
  return done;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(worker_tests, fixture)

CAF_TEST(a worker tells what a file is and makes its preview) {
  process worker{{"--kind", "light"}};
  send_packet(worker.socket(), encode(options)).value();
  input(jpeg(quarters(640, 480)), "");
  const auto identified = std::get<job_result>(ask(worker.socket(), job_kind::identify));
  CAF_CHECK_EQUAL(to_string(identified.profile), "image");
  CAF_CHECK_EQUAL(identified.media_type, "image/jpeg");
  work.media_type = identified.media_type;
  const auto done = std::get<job_result>(ask(worker.socket(), job_kind::image_preview));
  CAF_CHECK_EQUAL(corners(decoded(out("preview.webp"))), "RGBW");
  CAF_CHECK_EQUAL(done.files.front().bytes, std::filesystem::file_size(out("preview.webp")));
  CAF_CHECK_EQUAL(done.files.front().sha256, sha256_of_file(out("preview.webp")).value());
}

CAF_TEST(a file that follows another is known as well as one that comes alone) {
  process worker{{"--kind", "light"}};
  send_packet(worker.socket(), encode(options)).value();
  temp_root others;
  const auto office = others.path / "office";
  auto* archive = zip_open(office.c_str(), ZIP_CREATE, nullptr);
  const std::string type = "application/vnd.oasis.opendocument.text";
  zip_file_add(archive, "mimetype", zip_source_buffer(archive, type.data(), type.size(), 0), 0);
  CAF_REQUIRE_EQUAL(zip_close(archive), 0);
  input(jpeg(quarters(640, 480)), "");
  work.kind = job_kind::identify;
  const auto answers = hand_over(worker.socket(), work, input_file);
  auto known = std::get<job_result>(final_answer_of(answers));
  CAF_CHECK_EQUAL(known.media_type, "image/jpeg");
  for (int i = 0; i < 2; ++i) {
    send_follower(answers.get(), work, open_file(office, O_RDONLY).value().get()).value();
    known = std::get<job_result>(final_answer_of(answers));
    CAF_CHECK_EQUAL(known.media_type, type);
  }
}

CAF_TEST(a worker does the next job after one that failed) {
  process worker{{"--kind", "light"}};
  send_packet(worker.socket(), encode(options)).value();
  input("not a picture", "image/jpeg");
  CAF_CHECK_EQUAL(code_of(ask(worker.socket(), job_kind::image_preview)), "corrupt_media");
  CAF_CHECK_EQUAL(code_of(ask(worker.socket(), job_kind::video_compress)), "bad_request");
  input(jpeg(quarters(64, 48)), "image/jpeg");
  CAF_CHECK_EQUAL(code_of(ask(worker.socket(), job_kind::image_preview)), "ok");
}

CAF_TEST(a job obeys the parameters it carries and no later one inherits them) {
  process worker{{"--kind", "light"}};
  send_packet(worker.socket(), encode(options)).value();
  input(jpeg(quarters(640, 480)), "image/jpeg");
  for (const std::uint32_t box : {50U, preview_options{}.box}) {
    work.parameters.preview.box = box;
    const auto done = std::get<job_result>(ask(worker.socket(), job_kind::image_preview));
    CAF_CHECK_EQUAL(done.files.front().width, box);
  }
}

CAF_TEST(a worker ends well when its server closes the socket) {
  process worker{{"--kind", "light"}};
  send_packet(worker.socket(), encode(options)).value();
  worker.hang_up();
  CAF_CHECK_EQUAL(worker.exit_code(), 0);
}

CAF_TEST(every kind of worker finds its library and starts) {
  std::string codes;
  for (const auto* kind : {"light", "deep_image", "av", "document", "office"}) {
    process worker{{"--kind", kind}};
    send_packet(worker.socket(), encode(options)).value();
    worker.hang_up();
    codes += std::to_string(worker.exit_code());
  }
  CAF_CHECK_EQUAL(codes, "00000");
}

CAF_TEST(a worker that is sent nonsense ends with an error) {
  process worker{{"--kind", "light"}};
  send_packet(worker.socket(), "nonsense").value();
  CAF_CHECK_EQUAL(worker.exit_code(), 1);
}

CAF_TEST(a worker of no known kind does not start) {
  process worker{{"--kind", "magic"}};
  CAF_CHECK_EQUAL(worker.exit_code(), 2);
}

CAF_TEST(a worker is as nice as it is told to be) {
  process worker{{"--kind", "light", "--nice", "7"}};
  send_packet(worker.socket(), encode(options)).value();
  input("x", "");
  static_cast<void>(ask(worker.socket(), job_kind::identify)); // it has started now
  CAF_CHECK_EQUAL(::getpriority(PRIO_PROCESS, static_cast<id_t>(worker.pid())), 7);
}

CAF_TEST(an exception in a job is an answer) {
  work.name = "throws";
  CAF_CHECK_EQUAL(code_of(answer_of(unreliable)), "internal");
  work.name = "throws a number";
  CAF_CHECK_EQUAL(code_of(answer_of(unreliable)), "internal");
  work.name = "promises too much";
  CAF_CHECK_EQUAL(code_of(answer_of(unreliable)), "internal");
  work.name = "works";
  CAF_CHECK_EQUAL(code_of(answer_of(unreliable)), "ok");
}

CAF_TEST(ten thousand reports of progress become a few packets) {
  const auto begin = std::chrono::steady_clock::now();
  static_cast<void>(answer_of(unreliable));
  const auto spent = std::chrono::steady_clock::now() - begin;
  const auto most = static_cast<std::size_t>(spent / std::chrono::milliseconds{50}) + 1;
  CAF_CHECK_GREATER_OR_EQUAL(progress.size(), 1u);
  CAF_CHECK_LESS_OR_EQUAL(progress.size(), most);
  CAF_CHECK_LESS_OR_EQUAL(progress.back(), 1.0);
}

CAF_TEST_FIXTURE_SCOPE_END()
