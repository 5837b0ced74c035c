#define CAF_SUITE net_tus_checksum

#include "tests/net/tus/client.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

/// Of `hello world`.
const std::string right_sum = "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n";
const std::string hello = "hello world";

} // namespace

CAF_TEST_FIXTURE_SCOPE(tus_checksum_tests, tus_fixture)

CAF_TEST(bytes with another checksum are 460 and not kept) {
  start();
  const auto place = created(22);
  CAF_CHECK_EQUAL(append(place, 0, hello, right_sum).status, 204);
  const auto a = append(place, 11, "hello_world", right_sum);
  CAF_CHECK_EQUAL(a.status, 460);
  const auto problem = nlohmann::json::parse(a.body);
  CAF_CHECK_EQUAL(problem["code"], "checksum_mismatch");
  CAF_CHECK_EQUAL(offset(place), "11");
  CAF_CHECK_EQUAL(append(place, 11, hello, right_sum).status, 204);
  CAF_CHECK_EQUAL(bytes_at(place), hello + hello);
}

CAF_TEST(a creation whose bytes have another checksum leaves nothing) {
  start();
  CAF_CHECK_EQUAL(create("Upload-Length: 22\r\n" + right_sum, "hello_world").status, 460);
  CAF_CHECK_EQUAL(staged(), 0U);
  CAF_CHECK_EQUAL(listed(), 0U);
}

CAF_TEST(a checksum may follow the bytes) {
  start();
  const auto place = created(22);
  const auto send = [&](std::size_t at, const std::string& trailer) {
    http_client c{server->address()};
    c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + tus + stream + "Upload-Offset: "
           + std::to_string(at) + "\r\nTrailer: Upload-Checksum\r\nTransfer-Encoding: chunked\r\n"
           + "\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n" + trailer + "\r\n");
    return c.read().status;
  };
  CAF_CHECK_EQUAL(send(0, right_sum), 204);
  CAF_CHECK_EQUAL(send(11, "Upload-Checksum: md5 AAAAAAAAAAAAAAAAAAAAAA==\r\n"), 460);
  CAF_CHECK_EQUAL(send(11, "Upload-Checksum: nonsense\r\n"), 400);
  CAF_CHECK_EQUAL(send(11, ""), 400);
  CAF_CHECK_EQUAL(offset(place), "11");
  CAF_CHECK_EQUAL(send(11, "Upload-Checksum: md5 XrY7u+Ae7tCTyyK7j1rNww==\r\n"), 204);
  CAF_CHECK_EQUAL(bytes_at(place), hello + hello);
}

CAF_TEST(bytes under a checksum that broke off are not kept but others are) {
  start();
  const auto broken = [&](const std::string& fields) {
    const auto place = created(11);
    http_client c{server->address()};
    c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + tus + stream
           + "Upload-Offset: 0\r\nContent-Length: 11\r\n" + fields + "\r\nhello ");
    c.finish_sending();
    c.read();
    return offset(place);
  };
  CAF_CHECK_EQUAL(broken(right_sum), "0");
  CAF_CHECK_EQUAL(broken(""), "6");
}

CAF_TEST_FIXTURE_SCOPE_END()
