#define CAF_SUITE base_clock

#include "base/clock.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;

CAF_TEST(a time is written in UTC with milliseconds) {
  CAF_CHECK_EQUAL(to_rfc3339(0), "1970-01-01T00:00:00.000Z");
  CAF_CHECK_EQUAL(to_rfc3339(1'795'363'445'007), "2026-11-22T16:04:05.007Z");
}

CAF_TEST(a time before 1970 is written as well) {
  CAF_CHECK_EQUAL(to_rfc3339(-1), "1969-12-31T23:59:59.999Z");
  CAF_CHECK_EQUAL(second_of(-1), -1);
  CAF_CHECK_EQUAL(second_of(-1'000), -1);
  CAF_CHECK_EQUAL(second_of(1'999), 1);
}

CAF_TEST(a written time is read back) {
  for (const unix_ms t : {unix_ms{0}, unix_ms{1}, unix_ms{951'782'400'000},
                          unix_ms{1'795'363'445'123}, unix_ms{4'102'444'799'999}})
    CAF_CHECK_EQUAL(parse_rfc3339(to_rfc3339(t)), t);
}

CAF_TEST(any other text is no time) {
  for (const auto* text :
       {"", "yesterday", "2026-11-22", "2026-11-22T16:04:05Z", "2026-11-22T16:04:05.123",
        "2026-11-22T16:04:05.123+01:00", "2026-11-22T16:04:05.123Zx", "2026-11-22 16:04:05.123Z",
        "2026-13-22T16:04:05.123Z", "2026-11-22T16:04:05.1Z"})
    CAF_CHECK_EQUAL(parse_rfc3339(text), 0);
}

CAF_TEST(a date for HTTP is fixed in English and GMT) {
  CAF_CHECK_EQUAL(to_http_date(784'111'777'999), "Sun, 06 Nov 1994 08:49:37 GMT");
}

CAF_TEST(now is after this was written) {
  CAF_CHECK(now_ms() > 1'700'000'000'000);
}
