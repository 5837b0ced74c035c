#define CAF_SUITE media_av_input

#include "media/av/input.hpp"

#include "media/av/handles.hpp"
#include "tests/media/support/av_media.hpp"

#include <array>
#include <sys/inotify.h>
#include <unistd.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using media::job_kind;

namespace {

/// Notices every opening of one file.
class watch {
public:
  explicit watch(const std::filesystem::path& file) : fd_{inotify_init1(IN_NONBLOCK | IN_CLOEXEC)} {
    if (inotify_add_watch(fd_.get(), file.c_str(), IN_OPEN | IN_ACCESS) < 0)
      throw std::runtime_error{"inotify_add_watch failed"};
  }
  bool was_opened() const {
    std::array<char, 4096> events{};
    return ::read(fd_.get(), events.data(), events.size()) > 0;
  }

private:
  unique_fd fd_;
};

struct fixture : tests::av_fixture {
  std::filesystem::path secret =
    make("secret.ts", "-f lavfi -i testsrc2=s=160x90:d=1 -c:v mpeg2video");
  std::filesystem::path clip = make("clip.mp4", "-f lavfi -i testsrc2=s=160x90:d=2 "
                                                "-f lavfi -i sine=d=2 -preset ultrafast");

  std::string opened(const std::filesystem::path& file, const std::string& media_type) {
    const auto in = media::av::input::open(tests::open_input{file}, media_type, options.limits,
                                           media::av::analysis::full);
    return in ? "ok" : to_string(in.error().code);
  }

  std::string playlist() const {
    return "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://" + secret.string()
           + "\n#EXT-X-ENDLIST\n";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(av_input_tests, fixture)

CAF_TEST(the watch of these tests notices an opening) {
  const watch seen{secret};
  bytes_of(secret);
  CAF_CHECK(seen.was_opened());
}

CAF_TEST(a playlist called mp4 is refused and reads nothing) {
  const auto file = write("evil.mp4", playlist());
  const watch seen{secret};
  CAF_CHECK_EQUAL(outcome(job_kind::video_preview, "video/mp4", file), "corrupt_media");
  CAF_CHECK_EQUAL(outcome(job_kind::video_compress, "video/mp4", file), "corrupt_media");
  CAF_CHECK(!seen.was_opened());
}

CAF_TEST(a playlist reads nothing under any media type) {
  const auto file = write("evil.bin", playlist());
  const watch seen{secret};
  for (const auto* type :
       {"video/quicktime", "video/x-matroska", "video/x-msvideo", "video/mp2t", "video/mpeg",
        "video/x-flv", "video/ogg", "audio/mpeg", "audio/wav", "audio/aac"})
    CAF_CHECK_NOT_EQUAL(opened(file, type), "ok");
  CAF_CHECK(!seen.was_opened());
}

CAF_TEST(a concat script called mp4 is refused and reads nothing) {
  const auto file = write("evil.mp4", "ffconcat version 1.0\nfile '" + secret.string() + "'\n");
  const watch seen{secret};
  CAF_CHECK_EQUAL(opened(file, "video/mp4"), "corrupt_media");
  CAF_CHECK(!seen.was_opened());
}

CAF_TEST(playlists have no media type of their own) {
  const auto file = write("list.m3u8", playlist());
  CAF_CHECK_EQUAL(opened(file, "application/vnd.apple.mpegurl"), "unsupported_media");
  CAF_CHECK_EQUAL(opened(file, "application/dash+xml"), "unsupported_media");
}

CAF_TEST(only the demuxer of the media type sees the file) {
  CAF_CHECK_EQUAL(opened(clip, "video/mp4"), "ok");
  CAF_CHECK_EQUAL(opened(clip, "video/x-matroska"), "corrupt_media");
  CAF_CHECK_EQUAL(opened(secret, "video/mp4"), "corrupt_media");
}

CAF_TEST(an empty file is corrupt) {
  CAF_CHECK_EQUAL(opened(write("empty.mp4", ""), "video/mp4"), "corrupt_media");
}

CAF_TEST(more streams than allowed are too large) {
  options.limits.max_streams = 1;
  CAF_CHECK_EQUAL(opened(clip, "video/mp4"), "too_large");
  options.limits.max_streams = 2;
  CAF_CHECK_EQUAL(opened(clip, "video/mp4"), "ok");
}

CAF_TEST(a longer file than allowed is too large) {
  options.limits.max_duration_s = 1.5;
  CAF_CHECK_EQUAL(opened(clip, "video/mp4"), "too_large");
}

CAF_TEST(a larger picture than allowed is too large) {
  options.limits.max_pixels = 160 * 90 - 1;
  CAF_CHECK_EQUAL(opened(clip, "video/mp4"), "too_large");
  options.limits.max_pixels = 160 * 90;
  CAF_CHECK_EQUAL(opened(clip, "video/mp4"), "ok");
  options.limits.max_side = 159;
  CAF_CHECK_EQUAL(opened(clip, "video/mp4"), "too_large");
}

CAF_TEST(cover art is not a video) {
  const auto file =
    make("song.m4a", "-f lavfi -i sine=d=1 -f lavfi -i testsrc2=s=100x100:r=10:d=0.1 -map 0 -map 1 "
                     "-frames:v 1 -c:v mjpeg -disposition:v attached_pic -f mp4");
  const auto in = media::av::input::open(tests::open_input{file}, "audio/mp4", options.limits,
                                         media::av::analysis::full);
  CAF_REQUIRE(in);
  CAF_CHECK(in->video() == nullptr);
  CAF_CHECK(in->audio() != nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()
