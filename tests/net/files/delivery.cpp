#define CAF_SUITE net_files_delivery

#include "net/files/delivery.hpp"

#include "base/clock.hpp"
#include "tests/net/files/delivery_fixture.hpp"

#include <caf/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <random>

using namespace mediad;
using namespace mediad::tests;

namespace {

std::string noise(std::size_t bytes) {
  std::mt19937_64 random{20261122};
  std::string out(bytes, '\0');
  for (auto& c : out)
    c = static_cast<char>(random());
  return out;
}

std::string problem_code(const http_answer& r) {
  return nlohmann::json::parse(r.body).at("code").get<std::string>();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(delivery_tests, delivery_fixture)

CAF_TEST(an original comes back byte for byte with all that describes it) {
  const auto bytes = noise(20'000'000);
  const auto r = upload("ann", "Str\u00E4nd.jpg", bytes);
  const auto a = get(r);
  CAF_CHECK_EQUAL(a.status, 200);
  CAF_CHECK(a.body == bytes);
  CAF_CHECK_EQUAL(a.field("content-type"), "image/jpeg");
  CAF_CHECK_EQUAL(a.field("etag"), '"' + r.sha256.substr(0, 32) + '"');
  CAF_CHECK_EQUAL(a.field("last-modified"), to_http_date(r.created_at));
  CAF_CHECK_EQUAL(a.field("accept-ranges"), "bytes");
  CAF_CHECK_EQUAL(a.field("cache-control"), "private, max-age=31536000, immutable");
  CAF_CHECK_EQUAL(a.field("x-content-type-options"), "nosniff");
  CAF_CHECK_EQUAL(a.field("cross-origin-resource-policy"), "same-origin");
  CAF_CHECK_EQUAL(a.field("content-disposition"),
                  R"(inline; filename="Str_nd.jpg"; filename*=UTF-8''Str%C3%A4nd.jpg)");
  CAF_CHECK_EQUAL(a.field("content-security-policy").find("sandbox; default-src 'none'"), 0u);
}

CAF_TEST(every range of a large original is exact) {
  const auto bytes = noise(20'000'000);
  const auto r = upload("ann", "a.jpg", bytes);
  std::mt19937 random{7};
  for (int round = 0; round < 60; ++round) {
    const std::size_t first = random() % bytes.size();
    const std::size_t size =
      1
      + random() % std::min<std::size_t>(bytes.size() - first, round % 2 == 0 ? 70'000 : 5'000'000);
    const auto last = first + size - 1;
    const auto range = std::to_string(first) + "-" + std::to_string(last);
    const auto a = get(r, {{"Range", "bytes=" + range}});
    CAF_REQUIRE_EQUAL(a.status, 206);
    CAF_REQUIRE_EQUAL(a.field("content-range"), "bytes " + range + "/20000000");
    CAF_REQUIRE(a.body == bytes.substr(first, size));
  }
}

CAF_TEST(several ranges come in one body) {
  const auto bytes = noise(5'000'000);
  const auto r = upload("ann", "a.jpg", bytes);
  const auto a = get(r, {{"Range", "bytes=4000000-4999999,0-9"}});
  CAF_REQUIRE_EQUAL(a.status, 206);
  const auto type = a.field("content-type");
  CAF_REQUIRE(type.starts_with("multipart/byteranges; boundary="));
  const auto boundary = type.substr(type.find('=') + 1);
  const auto part = [&](const std::string& range, const std::string& content) {
    return "--" + boundary + "\r\nContent-Type: image/jpeg\r\nContent-Range: bytes " + range
           + "/5000000\r\n\r\n" + content + "\r\n";
  };
  const auto expected = part("4000000-4999999", bytes.substr(4'000'000))
                        + part("0-9", bytes.substr(0, 10)) + "--" + boundary + "--\r\n";
  CAF_CHECK(a.body == expected);
}

CAF_TEST(the connection stays usable after every kind of answer) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  CAF_CHECK_EQUAL(head(r).status, 200);
  CAF_CHECK_EQUAL(get(r, {{"Range", "bytes=0-1,4-5"}}).status, 206);
  CAF_CHECK_EQUAL(get(r, {{"Range", "bytes=10-"}}).status, 416);
  CAF_CHECK_EQUAL(get(r, {{"If-None-Match", "*"}}).status, 304);
  CAF_CHECK_EQUAL(get(r, {{"If-Match", "\"x\""}}).status, 412);
  CAF_CHECK_EQUAL(get("/v1/files/x/content").status, 404);
  CAF_CHECK_EQUAL(get(r).body, "0123456789");
}

CAF_TEST(HEAD tells what GET would and sends nothing) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  const auto told = head(r, {{"Range", "bytes=0-1"}});
  const auto sent = get(r);
  CAF_CHECK_EQUAL(told.status, 200);
  CAF_CHECK(told.body.empty());
  for (const char* name : {"Content-Length", "Content-Type", "ETag", "Last-Modified",
                           "Cache-Control", "content-disposition"})
    CAF_CHECK_EQUAL(told.field(name), sent.field(name));
  CAF_CHECK_EQUAL(told.field("content-length"), "10");
}

CAF_TEST(what the client has is not sent again) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  const auto tag = '"' + r.sha256.substr(0, 32) + '"';
  const auto a = get(r, {{"If-None-Match", tag}});
  CAF_CHECK_EQUAL(a.status, 304);
  CAF_CHECK_EQUAL(a.field("etag"), tag);
  CAF_CHECK_EQUAL(a.field("cache-control"), "private, max-age=31536000, immutable");
  CAF_CHECK_EQUAL(a.field("content-length"), "");
  CAF_CHECK_EQUAL(get(r, {{"If-Modified-Since", to_http_date(r.created_at)}}).status, 304);
}

CAF_TEST(a download that another version interrupts starts over) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  const auto tag = '"' + r.sha256.substr(0, 32) + '"';
  CAF_CHECK_EQUAL(get(r, {{"Range", "bytes=5-"}, {"If-Range", tag}}).body, "56789");
  const auto a = get(r, {{"Range", "bytes=5-"}, {"If-Range", "\"older\""}});
  CAF_CHECK_EQUAL(a.status, 200);
  CAF_CHECK_EQUAL(a.body, "0123456789");
}

CAF_TEST(a range that does not exist is told with the real size) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  const auto a = get(r, {{"Range", "bytes=10-20"}});
  CAF_CHECK_EQUAL(a.status, 416);
  CAF_CHECK_EQUAL(a.field("content-range"), "bytes */10");
  CAF_CHECK_EQUAL(problem_code(a), "range_not_satisfiable");
}

CAF_TEST(an empty original is an answer without bytes) {
  const auto r = upload_as("empty", "", profile::other, "application/octet-stream");
  const auto a = get(r);
  CAF_CHECK_EQUAL(a.status, 200);
  CAF_CHECK_EQUAL(a.field("content-length"), "0");
}

CAF_TEST(what could run in a browser is only ever downloaded) {
  const auto page =
    upload_as("page.html", "<script>alert(1)</script>", profile::other, "text/html");
  const auto a = get(page);
  CAF_CHECK_EQUAL(a.field("content-disposition"), R"(attachment; filename="page.html")");
  const auto drawing = upload_as("a.svg", "<svg/>", profile::image, "image/svg+xml");
  CAF_CHECK_EQUAL(get(drawing).field("content-disposition"), R"(attachment; filename="a.svg")");
}

CAF_TEST(a picture is downloaded when asked for) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  const auto a = get(url(r, "/content?download=1"));
  CAF_CHECK_EQUAL(a.field("content-disposition"), R"(attachment; filename="a.jpg")");
}

CAF_TEST(nobody sees the files of another user) {
  const auto r = finished("bob", "a.jpg", "0123456789");
  for (const char* what : {"/content", "/preview", "/renditions/w640.webp", "/archive"}) {
    const auto a = get(url(r, what));
    CAF_CHECK_EQUAL(a.status, 404);
    CAF_CHECK_EQUAL(problem_code(a), "not_found");
  }
}

CAF_TEST(what is not there yet is not found) {
  const auto arriving = begin("ann", "a.jpg", "half");
  CAF_CHECK_EQUAL(get(arriving).status, 404);
  const auto r = upload("ann", "b.jpg", "whole");
  for (const char* what : {"/preview", "/renditions/w640.webp", "/archive"})
    CAF_CHECK_EQUAL(problem_code(get(url(r, what))), "not_found");
}

CAF_TEST(the original of a failed file can be had) {
  const auto r = upload("ann", "a.jpg", "damaged");
  go(r.id, status::processing).value();
  go(r.id, status::failed).value();
  CAF_CHECK_EQUAL(get(r).body, "damaged");
}

CAF_TEST(a link in the place of a stored file is not followed) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  const auto stored = original_path(r);
  const auto secret = root() / "secret";
  write(secret, "top secret");
  std::filesystem::remove(stored);
  std::filesystem::create_symlink(secret, stored);
  const auto a = get(r);
  CAF_CHECK_EQUAL(a.status, 500);
  CAF_CHECK_EQUAL(a.body.find("secret"), std::string::npos);
}

CAF_TEST(a stored file of another size is not passed off as the original) {
  const auto r = upload("ann", "a.jpg", "0123456789");
  std::filesystem::permissions(original_path(r), std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  std::filesystem::resize_file(original_path(r), 5);
  CAF_CHECK_EQUAL(get(r).status, 500);
}

CAF_TEST_FIXTURE_SCOPE_END()
