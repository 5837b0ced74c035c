#define CAF_SUITE media_job_packets

#include "media/job/packets.hpp"

#include "base/file.hpp"
#include "media/job/json.hpp"
#include "media/job/routing.hpp"

#include <array>
#include <csignal>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;

namespace {

struct fixture {
  unique_fd ours;
  unique_fd theirs;

  fixture() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw std::runtime_error{"socketpair"};
    ours = unique_fd{ends[0]};
    theirs = unique_fd{ends[1]};
  }
};

job some_job() {
  job work;
  work.file_id = "01ABC";
  work.kind = job_kind::video_compress;
  work.output_dir = "/work/out";
  work.name = "Żółć \"quoted\".mov";
  work.media_type = "video/quicktime";
  work.sha256 = "c0ffee";
  work.modified_at = -5;
  work.members.resize(2);
  work.members[0].name = "a";
  work.members[1].bytes = std::uint64_t{5} << 32U;
  return work;
}

std::string without(std::string packet, const std::string& member) {
  const auto at = packet.find('"' + member + "\":");
  return packet.replace(at + 1, 1, "?");
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(protocol_tests, fixture)

CAF_TEST(a job arrives as it was sent) {
  const auto back = decode_job(encode(some_job())).value();
  CAF_CHECK_EQUAL(back.name, some_job().name);
  CAF_CHECK_EQUAL(back.members.at(1).bytes, std::uint64_t{5} << 32U);
  CAF_CHECK_EQUAL(to_string(back.kind), "video_compress");
  CAF_CHECK_EQUAL(encode(back), encode(some_job()));
}

CAF_TEST(a name that is not UTF - 8 does not stop a job) {
  auto work = some_job();
  work.name = "caf\xE9.jpg";
  const auto back = decode_job(encode(work)).value();
  CAF_CHECK_EQUAL(back.name, "caf\xEF\xBF\xBD.jpg");
}

CAF_TEST(a result arrives as it was sent) {
  job_result done;
  done.profile = profile::audio;
  done.media_type = "audio/flac";
  done.media = R"({"duration":1.5})";
  done.thumbhash = "abc=";
  auto& file = done.files.emplace_back();
  file.name = "preview.webp";
  file.media_type = "image/webp";
  file.width = 320;
  file.height = 80;
  file.bytes = 5'000'000'000;
  file.sha256 = "00ff";
  const auto packet = encode(from_worker{done});
  const auto back = decode_answer(packet).value();
  CAF_REQUIRE_EQUAL(back.index(), 1u);
  CAF_CHECK_EQUAL(std::get<job_result>(back).files.front().bytes, 5'000'000'000u);
  CAF_CHECK_EQUAL(encode(back), packet);
}

CAF_TEST(an error keeps its code and its detail) {
  const auto packet = encode(from_worker{error{errc::password_protected, "locked"}});
  const auto back = decode_answer(packet).value();
  CAF_REQUIRE_EQUAL(back.index(), 2u);
  CAF_CHECK_EQUAL(to_string(std::get<error>(back).code), "password_protected");
  CAF_CHECK_EQUAL(std::get<error>(back).detail, "locked");
}

CAF_TEST(a packet without one of its members is refused by name) {
  const auto refused = decode_job(without(encode(some_job()), "output_dir"));
  CAF_REQUIRE_EQUAL(refused.has_value(), false);
  CAF_CHECK_EQUAL(to_string(refused.error().code), "internal");
  CAF_CHECK_NOT_EQUAL(refused.error().detail.find("output_dir"), std::string::npos);
}

CAF_TEST(packets that are no JSON or of no known kind are refused) {
  CAF_CHECK_EQUAL(decode_job("{").has_value(), false);
  CAF_CHECK_EQUAL(decode_settings("[]").has_value(), false);
  CAF_CHECK_EQUAL(decode_answer(R"({"answer":"maybe"})").has_value(), false);
  CAF_CHECK_EQUAL(decode_answer(R"({"answer":"failed","code":"nope","detail":""})").has_value(),
                  false);
}

CAF_TEST(every kind of job has a name that is read back as the same kind) {
  std::size_t same = 0;
  for (auto i = 1; i <= static_cast<int>(job_kind::early_preview); ++i)
    same += parse_job_kind(to_string(static_cast<job_kind>(i))) == static_cast<job_kind>(i) ? 1 : 0;
  CAF_CHECK_EQUAL(same, 15u);
  CAF_CHECK_EQUAL(parse_job_kind("").has_value(), false);
  CAF_CHECK_EQUAL(parse_worker_kind("deep_image") == worker_kind::deep_image, true);
}

CAF_TEST(the formats of phones and the web are read without OpenImageIO) {
  const auto worker = [](const char* type) {
    return std::string{to_string(worker_for(job_kind::image_renditions, type))};
  };
  CAF_CHECK_EQUAL(worker("image/jpeg"), "light");
  CAF_CHECK_EQUAL(worker("image/png"), "light");
  CAF_CHECK_EQUAL(worker("image/webp"), "light");
  CAF_CHECK_EQUAL(worker("image/tiff"), "deep_image");
  CAF_CHECK_EQUAL(worker("image/heic"), "light");
  CAF_CHECK_EQUAL(worker("image/avif"), "light");
  CAF_CHECK_EQUAL(worker("image/gif"), "light");
}

CAF_TEST(a packet arrives whole and apart from the next) {
  const std::string large(100'000, 'x');
  send_packet(ours.get(), large).value();
  send_packet(ours.get(), "second").value();
  CAF_CHECK_EQUAL(receive_packet(theirs.get()).value().size(), large.size());
  CAF_CHECK_EQUAL(receive_packet(theirs.get()).value(), "second");
}

CAF_TEST(a packet over the limit is not sent) {
  const auto refused = send_packet(ours.get(), std::string(max_packet_bytes + 1, 'x'));
  CAF_REQUIRE_EQUAL(refused.has_value(), false);
  CAF_CHECK_EQUAL(to_string(refused.error().code), "internal");
}

CAF_TEST(a peer that is gone is a dead worker to sender and receiver) {
  CAF_CHECK_EQUAL(theirs.close().has_value(), true);
  const auto sent = send_packet(ours.get(), "x");
  const auto received = receive_packet(ours.get());
  CAF_CHECK_EQUAL(to_string(sent.error().code), "worker_died");
  CAF_CHECK_EQUAL(to_string(received.error().code), "worker_died");
}

CAF_TEST(a job arrives with its two descriptors) {
  std::array<int, 2> pipe{};
  CAF_REQUIRE_EQUAL(::pipe(pipe.data()), 0);
  unique_fd out{pipe[0]};
  unique_fd in{pipe[1]};
  CAF_REQUIRE(send_job(ours.get(), some_job(), {out.get(), in.get()}));
  const auto taken = receive_job(theirs.get());
  CAF_REQUIRE(taken);
  CAF_CHECK_EQUAL(taken->work.name, some_job().name);
  CAF_CHECK_EQUAL(::write(taken->answers.get(), "x", 1), 1);
  char got = 0;
  CAF_CHECK_EQUAL(::read(taken->input.get(), &got, 1), 1);
  CAF_CHECK_EQUAL(got, 'x');
}

CAF_TEST(a job that has begun can be killed by what it says) {
  const auto child = ::fork();
  if (child == 0) {
    static_cast<void>(send_begun(theirs.get()));
    for (;;)
      ::pause();
  }
  const auto process = receive_begun(ours.get());
  CAF_REQUIRE(process);
  CAF_CHECK_EQUAL(::syscall(SYS_pidfd_send_signal, process->get(), SIGKILL, nullptr, 0), 0);
  int state = 0;
  CAF_CHECK_EQUAL(::waitpid(child, &state, 0), child);
  CAF_CHECK(WIFSIGNALED(state));
}

CAF_TEST(another packet does not say that a job has begun) {
  send_packet(ours.get(), encode(from_worker{job_progress{0.5}})).value();
  const auto process = receive_begun(theirs.get());
  CAF_REQUIRE(!process);
  CAF_CHECK(process.error().code == errc::internal);
}

CAF_TEST(a job without its descriptors is refused) {
  send_packet(ours.get(), encode(some_job())).value();
  const auto taken = receive_job(theirs.get());
  CAF_REQUIRE(!taken);
  CAF_CHECK(taken.error().code == errc::internal);
}

CAF_TEST_FIXTURE_SCOPE_END()
