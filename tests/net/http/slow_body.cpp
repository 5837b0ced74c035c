#define CAF_SUITE net_http_slow_body

#include "net/io/pace.hpp"
#include "tests/net/support/http_fixture.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(slow_body_tests, http_fixture)

CAF_TEST(a pace is judged once per window and by waiting alone) {
  net::pace p{100, 10s};
  p.waited(9s);
  CAF_CHECK(p.came(1));
  p.waited(1s);
  CAF_CHECK(p.came(999));
  p.waited(10s);
  CAF_CHECK(!p.came(999));
  p.waited(9s);
  CAF_CHECK(p.came(1));
}

CAF_TEST(no rate at all is fast enough for none) {
  net::pace p{0, 1s};
  p.waited(1h);
  CAF_CHECK(p.came(0));
}

CAF_TEST(a client that sends a byte now and then is cut and leaves nothing) {
  options.min_body_rate = 1'000'000'000; // more than single bytes can be
  options.body_rate_window = 100ms;
  start();
  http_client c{server->address()};
  c.send("POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  while (!c.has_answer())
    c.send("x");
  const auto a = c.read();
  CAF_CHECK_EQUAL(a.status, 408);
  CAF_CHECK_EQUAL(a.field("connection"), "close");
  const auto left = staged();
  CAF_CHECK_EQUAL(left, 0U);
}

CAF_TEST(more header lines than allowed are refused) {
  options.max_header_fields = 20;
  start();
  std::string lines;
  for (int i = 0; i < 19; ++i)
    lines += "X: y\r\n";
  const auto fine = ask("GET", "/livez", "", lines).status;
  CAF_CHECK_EQUAL(fine, 200);
  const auto refused = ask("GET", "/livez", "", lines + "X: y\r\n").status;
  CAF_CHECK_EQUAL(refused, 431);
}

CAF_TEST_FIXTURE_SCOPE_END()
