#define CAF_SUITE net_files_derived

#include "tests/net/files/delivery_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <filesystem>

using namespace mediad;
using namespace mediad::tests;

CAF_TEST_FIXTURE_SCOPE(derived_tests, delivery_fixture)

CAF_TEST(preview renditions and archive come under names of their own) {
  const auto r = finished("ann", "beach.jpg", "x");
  const auto preview = get(url(r, "/preview"));
  CAF_CHECK_EQUAL(preview.body, "xpreview");
  CAF_CHECK_EQUAL(preview.field("content-disposition"), R"(inline; filename="beach-preview.webp")");
  const auto rendition = get(url(r, "/renditions/w640.webp"));
  CAF_CHECK_EQUAL(rendition.body, "x640");
  CAF_CHECK_EQUAL(rendition.field("content-type"), "image/webp");
  CAF_CHECK_EQUAL(get(url(r, "/archive")).body, "xzip");
}

CAF_TEST(an archive is put together while it is sent) {
  const auto r = spliced("sand", "beach");
  const std::string whole = "be" + std::string{"sand"} + "a" + "beach640" + "chzip";
  const auto a = get(url(r, "/archive"));
  CAF_CHECK_EQUAL(a.status, 200);
  CAF_CHECK_EQUAL(a.body, whole);
  CAF_CHECK_EQUAL(a.field("content-length"), std::to_string(whole.size()));
  CAF_CHECK_EQUAL(a.field("etag"), '"' + r.archive.sha256.substr(0, 32) + '"');
  CAF_CHECK_EQUAL(a.field("repr-digest"), "");
  for (std::size_t first = 0; first < whole.size(); ++first)
    for (std::size_t last = first; last < whole.size(); ++last) {
      const auto range = std::to_string(first) + "-" + std::to_string(last);
      const auto part = get(url(r, "/archive"), {{"Range", "bytes=" + range}});
      CAF_REQUIRE_EQUAL(part.status, 206);
      CAF_REQUIRE_EQUAL(part.body, whole.substr(first, last - first + 1));
    }
  CAF_CHECK_EQUAL(get(url(r, "/archive"), {{"If-None-Match", a.field("etag")}}).status, 304);
}

CAF_TEST(an archive of which a file has changed is cut off and never wrong) {
  const auto r = spliced("sand", "beach");
  std::filesystem::remove(rendition_path(r, "w640.webp"));
  CAF_CHECK_EQUAL(get(url(r, "/archive"), {{"Range", "bytes=0-6"}}).body, "besanda");
  bool cut_off = false;
  try {
    static_cast<void>(get(url(r, "/archive")));
  } catch (const std::exception&) {
    cut_off = true; // the client misses bytes that Content-Length had promised
  }
  CAF_CHECK(cut_off);
}

CAF_TEST(a name that is no rendition leads nowhere) {
  const auto r = finished("ann", "beach.jpg", "x");
  for (const char* name : {"w640.jpg", "..%2F..%2Fa", "%2E%2E", "w640.webp%00"}) {
    const auto status = get(url(r, std::string{"/renditions/"} + name)).status;
    CAF_CHECK(status == 404 || status == 400);
  }
}

CAF_TEST(what a retry may replace is kept only by those who name its version) {
  const auto r = finished("ann", "beach.jpg", "x");
  const auto cache = [&](const std::string& query) {
    return get(url(r, "/preview" + query)).field("cache-control");
  };
  const auto sha = r.preview.file.sha256;
  CAF_CHECK_EQUAL(cache(""), "private, no-cache");
  CAF_CHECK_EQUAL(cache("?v=" + sha), "private, max-age=31536000, immutable");
  CAF_CHECK_EQUAL(cache("?v=" + sha.substr(0, 8)), "private, no-cache");
  CAF_CHECK_EQUAL(cache("?v=" + std::string(64, '0')), "private, no-cache");
}

CAF_TEST_FIXTURE_SCOPE_END()
