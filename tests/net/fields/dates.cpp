#define CAF_SUITE net_fields_dates

#include "net/fields/dates.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::net::fields;

CAF_TEST(all three forms of a date are read) {
  const unix_ms second = 1'796'054'645'000;
  for (const char* text : {"Mon, 30 Nov 2026 16:04:05 GMT", "Monday, 30-Nov-26 16:04:05 GMT",
                           "Mon Nov 30 16:04:05 2026"}) {
    const auto date = parse_http_date(text);
    CAF_REQUIRE(date);
    CAF_CHECK_EQUAL(*date, second);
  }
  const auto asctime_day = parse_http_date("Sun Nov  6 08:49:37 1994");
  CAF_REQUIRE(asctime_day);
  CAF_CHECK_EQUAL(to_http_date(*asctime_day), "Sun, 06 Nov 1994 08:49:37 GMT");
  const auto last_century = parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT");
  CAF_REQUIRE(last_century);
  CAF_CHECK_EQUAL(*last_century, *asctime_day);
}

CAF_TEST(a date that does not exist is refused) {
  for (const char* text : {"", "Mon, 31 Feb 2026 16:04:05 GMT", "Mon, 30 Nov 2026 24:04:05 GMT",
                           "Mon, 30 nov 2026 16:04:05 GMT", "Mon, 30 Nov 2026 16:04:05 CET",
                           "Mon, 30 Nov 2026 16:04:05 GMT trailing", "1796054645"}) {
    const bool read = parse_http_date(text).has_value();
    CAF_CHECK(!read);
  }
}

CAF_TEST(the date of a file is read in all forms that clients send) {
  const unix_ms second = 1'796'054'645'000;
  for (const char* text :
       {"2026-11-30T16:04:05Z", "2026-11-30t16:04:05z", "2026-11-30 16:04:05.000Z",
        "2026-11-30T17:04:05+01:00", "2026-11-30T10:34:05-05:30", "1796054645", "1796054645.0",
        "1796054645000", "Mon, 30 Nov 2026 16:04:05 GMT", "Mon, 30 Nov 2026 17:04:05 +0100",
        " Mon Nov 30 16:04:05 2026 "}) {
    const auto date = parse_file_date(text);
    CAF_CHECK_EQUAL(date.value_or(0), second);
  }
  CAF_CHECK_EQUAL(parse_file_date("2026-11-30T16:04:05.123456Z").value_or(0), second + 123);
  CAF_CHECK_EQUAL(parse_file_date("1796054645.5").value_or(0), second + 500);
  CAF_CHECK_EQUAL(parse_file_date("1969-12-31T23:59:59.250Z").value_or(0), -750);
  CAF_CHECK_EQUAL(parse_file_date("-1").value_or(0), -1000);
}

CAF_TEST(what is no date of a file is refused) {
  for (const char* text :
       {"", "yesterday", "2026-11-30", "2026-11-30T16:04:05", "2026-13-30T16:04:05Z",
        "2026-11-30T16:04:05+25:00", "2026-11-30T16:04:05Z trailing", "1e9", "nan", "inf", "0x10",
        "1899-12-31T23:59:59Z", "253402300800000", "-99999999999999",
        "Mon, 30 Nov 2026 16:04:05 CET"}) {
    const bool read = parse_file_date(text).has_value();
    CAF_CHECK(!read);
  }
}

CAF_TEST(a moment in JSON is RFC 3339 alone) {
  const unix_ms second = 1'796'054'645'000;
  for (const char* text : {"2026-11-30T16:04:05Z", "2026-11-30T17:04:05.000+01:00"}) {
    const auto date = net::fields::parse_rfc3339(text);
    CAF_CHECK_EQUAL(date.value_or(0), second);
  }
  for (const char* text : {"", "1796054645", "Mon, 30 Nov 2026 16:04:05 GMT", "2026-11-30",
                           "2026-11-30T16:04:05", "1899-12-31T23:59:59Z"}) {
    const bool read = net::fields::parse_rfc3339(text).has_value();
    CAF_CHECK(!read);
  }
}
