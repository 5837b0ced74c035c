#define CAF_SUITE net_uploads_missing

#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;

namespace {

struct fixture : http_fixture {
  bool left_nothing() {
    return staged() == 0 && listed() == 0;
  }
};

const std::string post = "POST /v1/files HTTP/1.1\r\nHost: a\r\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(missing_tests, fixture)

CAF_TEST(neither bytes nor a name are a mistake) {
  start();
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (const auto& rest : {std::string{"\r\n"}, std::string{"Content-Length: 0\r\n\r\n"}, chunked,
                           "Content-Disposition: attachment\r\n" + chunked}) {
    http_client c{server->address()};
    c.send(post + rest);
    const auto a = c.read();
    CAF_CHECK_EQUAL(a.status, 400);
    const auto detail = json::parse(a.body)["detail"].get<std::string>();
    CAF_CHECK(detail.find("`?name=`") != std::string::npos);
  }
  CAF_CHECK_EQUAL(ask("POST", "/v1/files?name=").status, 400);
  CAF_CHECK(left_nothing());
}

CAF_TEST(fields of a protocol without the one that names it are a mistake) {
  start();
  for (const std::string field : {"Upload-Length: 10", "Upload-Length: 0", "Upload-Defer-Length: 1",
                                  "Upload-Metadata: filename YQ==", "Upload-Concat: partial",
                                  "Upload-Offset: 0", "Upload-Checksum: sha1 x"})
    for (const auto* body : {"", "abc"})
      for (const auto* more :
           {"", "Upload-Complete: yes\r\n", "Upload-Draft-Interop-Version: 8\r\n"}) {
        const auto a = ask("POST", "/v1/files?name=a", body, field + "\r\n" + more);
        CAF_CHECK_EQUAL(a.status, 400);
        const auto detail = json::parse(a.body)["detail"].get<std::string>();
        CAF_CHECK(detail.starts_with('`' + field.substr(0, field.find(':')) + "` needs"));
      }
  CAF_CHECK(left_nothing());
}

CAF_TEST_FIXTURE_SCOPE_END()
