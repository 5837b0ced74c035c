#define CAF_SUITE media_kinds_early_preview

#include "tests/media/support/heic_file.hpp"
#include "tests/media/support/pictures.hpp"
#include "tests/media/worker/worker_link.hpp"

#include <fstream>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

struct fixture : workbench {
  process worker{{"--kind", "light"}};
  socket_pair growth;
  unique_fd answers;
  std::string whole;
  std::size_t written = 0;

  /// Gives the worker the job before a byte of @p bytes is there.
  void begin(std::string bytes) {
    whole = std::move(bytes);
    send_packet(worker.socket(), encode(options)).value();
    static_cast<void>(receive_packet(worker.socket())); // its report
    input("", "");
    work.kind = job_kind::early_preview;
    const auto file = open_file(input_file, O_RDONLY).value();
    socket_pair link;
    send_job(worker.socket(), work, {file.get(), link.theirs.get(), growth.theirs.get()}).value();
    growth.theirs = unique_fd{};
    link.theirs = unique_fd{};
    receive_begun(link.ours.get()).value();
    answers = std::move(link.ours);
  }

  void store(std::size_t to) {
    std::ofstream{input_file, std::ios::app | std::ios::binary}
      << whole.substr(written, to - written);
    written = to;
  }

  void arrive(std::size_t to, bool is_whole = false) {
    store(to);
    const input_growth told{to, is_whole ? 1U : 0U};
    CAF_REQUIRE_EQUAL(::send(growth.ours.get(), &told, sizeof told, 0),
                      static_cast<ssize_t>(sizeof told));
  }

  from_worker answer() {
    return final_answer(answers.get(), [](double) {});
  }

  /// The answer, which must be the one that a job makes later of the same file.
  job_result checked_answer(std::string_view media_type) {
    auto early = std::get<job_result>(answer());
    CAF_CHECK_EQUAL(to_string(early.profile), "image");
    CAF_CHECK_EQUAL(early.media_type, media_type);
    const auto preview = read(out("preview.webp"));
    store(whole.size());
    work.kind = job_kind::image_preview;
    work.media_type = media_type;
    const auto link = hand_over(worker.socket(), work, input_file);
    const auto later = std::get<job_result>(final_answer(link.get(), [](double) {}));
    CAF_CHECK_EQUAL(early.thumbhash, later.thumbhash);
    CAF_CHECK_EQUAL(early.media, later.media);
    CAF_CHECK(preview == read(out("preview.webp")));
    return early;
  }

  std::string code() {
    const auto said = answer();
    const auto* failed = std::get_if<error>(&said);
    return failed == nullptr ? "ok" : to_string(failed->code);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(early_preview_tests, fixture)

CAF_TEST(a picture that arrives in pieces becomes the preview that it would become later) {
  begin(jpeg(noise(900, 700)));
  for (std::size_t at = 1; at < whole.size(); at += whole.size() / 7)
    arrive(at);
  arrive(whole.size());
  checked_answer("image/jpeg");
}

CAF_TEST(bytes behind the picture are not waited for) {
  begin(jpeg(quarters(640, 480)));
  arrive(whole.size());
  CAF_CHECK_EQUAL(code(), "ok");
}

CAF_TEST(the thumbnail of a HEIC file is enough long before its picture is there) {
  begin(heic_with_thumbnail(noise(1200, 900), quarters(320, 240)));
  for (const std::size_t at : {5U, 20U, 100U, 1000U})
    arrive(at);
  arrive(whole.size() / 2);
  checked_answer("image/heic");
  CAF_CHECK_EQUAL(corners(decoded(out("preview.webp"))), "RGBW");
}

CAF_TEST(the thumbnail of a HEIC file is turned as its picture is) {
  begin(heic_with_thumbnail(noise(1200, 900), quarters(320, 240), 6)); // a quarter clockwise
  arrive(whole.size() / 2);
  checked_answer("image/heic");
  const auto made = decoded(out("preview.webp"));
  CAF_CHECK_EQUAL(made.width, 240U);
  CAF_CHECK_EQUAL(corners(made), "BRWG");
}

CAF_TEST(a thumbnail that is too small is not taken for the picture) {
  begin(heic_with_thumbnail(quarters(640, 480), noise(160, 120)));
  arrive(whole.size() / 2);
  arrive(whole.size());
  checked_answer("image/heic");
  CAF_CHECK_EQUAL(corners(decoded(out("preview.webp"))), "RGBW");
}

CAF_TEST(a HEIC file in pieces becomes the preview that it would become later) {
  begin(heic(noise(900, 700)));
  for (std::size_t at = 1; at < whole.size(); at += whole.size() / 50)
    arrive(at);
  arrive(whole.size());
  checked_answer("image/heic");
}

CAF_TEST(a HEIC file that ends in its midst is corrupt) {
  begin(heic(noise(300, 200)));
  arrive(whole.size() / 2, true);
  CAF_CHECK_EQUAL(code(), "corrupt_media");
}

CAF_TEST(a HEIC file whose index never comes ends its job) {
  begin(heic(noise(300, 200)));
  arrive(60);
  growth.ours = unique_fd{};
  CAF_CHECK_EQUAL(code(), "corrupt_media");
}

CAF_TEST(a file that must be there first is sent away with its first bytes) {
  begin(png(quarters(64, 48)));
  arrive(16);
  CAF_CHECK_EQUAL(code(), "unsupported_media");
}

CAF_TEST(a file that ends before it shows what it is gets an answer) {
  begin("\xFF\xD8");
  arrive(whole.size(), true);
  CAF_CHECK_EQUAL(code(), "unsupported_media");
}

CAF_TEST(a picture whose file ends in its midst is corrupt) {
  begin(jpeg(noise(300, 200)));
  arrive(whole.size() / 2, true);
  CAF_CHECK_EQUAL(code(), "corrupt_media");
}

CAF_TEST(a file whose rest will never come ends its job) {
  begin(jpeg(noise(300, 200)));
  arrive(whole.size() / 2);
  growth.ours = unique_fd{};
  CAF_CHECK_EQUAL(code(), "corrupt_media");
}

CAF_TEST_FIXTURE_SCOPE_END()
