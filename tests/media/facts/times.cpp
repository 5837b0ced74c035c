#define CAF_SUITE media_facts_times

#include "media/facts/times.hpp"

#include "media/facts/clean_text.hpp"
#include "media/facts/file_facts.hpp"

#include <string>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;

namespace {

std::string told(const std::optional<moment>& seen) {
  if (!seen)
    return "nothing";
  file_facts found;
  found.taken = seen;
  facts all;
  add_file_facts(all, found, {});
  return std::move(all).text();
}

/// A local time in milliseconds, as if it were UTC.
unix_ms at(std::string_view text) {
  return parse_exif_time(text).value();
}

std::string iso(std::string_view text) {
  const auto seen = parse_iso_time(text);
  if (!seen)
    return "nothing";
  return to_rfc3339(seen->at) + " "
         + (seen->offset_minutes ? std::to_string(*seen->offset_minutes) : "?");
}

int minutes(std::string_view text) {
  return parse_offset(text).value_or(9999);
}

} // namespace

CAF_TEST(a time of Exif is read as it stands there) {
  CAF_CHECK_EQUAL(to_rfc3339(at("2024:05:01 12:34:56")), "2024-05-01T12:34:56.000Z");
  CAF_CHECK_EQUAL(to_rfc3339(parse_exif_time("2024:05:01 12:34:56", "12").value()),
                  "2024-05-01T12:34:56.120Z");
  CAF_CHECK_EQUAL(to_rfc3339(parse_exif_time("2024:05:01 12:34:56", "9876543").value()),
                  "2024-05-01T12:34:56.987Z");
  CAF_CHECK_EQUAL(to_rfc3339(parse_exif_time("2024:05:01 12:34:56", "1x").value()),
                  "2024-05-01T12:34:56.000Z");
  CAF_CHECK_EQUAL(to_rfc3339(at("1969-07-20T20:17:40")), "1969-07-20T20:17:40.000Z");
  CAF_CHECK_EQUAL(to_rfc3339(at("2016:12:31 23:59:60")), "2016-12-31T23:59:59.000Z");
}

CAF_TEST(a time of Exif that cannot be is none) {
  for (const auto* text :
       {"", "    :  :     :  :  ", "0000:00:00 00:00:00", "2024:13:01 00:00:00",
        "2023:02:29 00:00:00", "2024:05:01 24:00:00", "2024:05:01 12:60:00", "2024:05:01 12:00:61",
        "2024:05:01", "2024:05:01 12:34", "2024:05:01 12:34:56 PM", "1799:12:31 23:59:59",
        "2201:01:01 00:00:00", "+024:05:01 12:34:56", "2024:5:1 12:34:56"})
    CAF_CHECK(!parse_exif_time(text));
}

CAF_TEST(an offset is read in its three forms and in the range that is in use) {
  CAF_CHECK_EQUAL(minutes("+02:00"), 120);
  CAF_CHECK_EQUAL(minutes("-0330"), -210);
  CAF_CHECK_EQUAL(minutes("+14:00"), 840);
  CAF_CHECK_EQUAL(minutes("-12"), -720);
  CAF_CHECK_EQUAL(minutes("Z"), 0);
  CAF_CHECK_EQUAL(minutes(" +05:45 "), 345);
  for (const auto* text : {"", "02:00", "+2", "+02:0", "+02:", "+02:60", "+14:15", "-12:15",
                           "+99:99", "   :  ", "+02:00x", "z"})
    CAF_CHECK_EQUAL(minutes(text), 9999);
}

CAF_TEST(a time by ISO 8601 may end early) {
  CAF_CHECK_EQUAL(iso("1985"), "1985-01-01T00:00:00.000Z ?");
  CAF_CHECK_EQUAL(iso("1985-07"), "1985-07-01T00:00:00.000Z ?");
  CAF_CHECK_EQUAL(iso("1985-07-04"), "1985-07-04T00:00:00.000Z ?");
  CAF_CHECK_EQUAL(iso("2024-05-01T12:34"), "2024-05-01T12:34:00.000Z ?");
  CAF_CHECK_EQUAL(iso("2024-05-01T12:34+02:00"), "2024-05-01T10:34:00.000Z 120");
  CAF_CHECK_EQUAL(iso("2024-05-01T12:34:56.5-0330"), "2024-05-01T16:04:56.500Z -210");
  CAF_CHECK_EQUAL(iso("2024-05-01T10:34:56.000000Z"), "2024-05-01T10:34:56.000Z 0");
  for (const auto* text :
       {"", "20", "85-07-04", "2024-", "2024-05-", "2024-05-01T", "2024-05-01T12",
        "2024-05-01T12:34:", "2024-02-30", "2024-05-01T12:34:56+25:00", "2024-05-01 noon", "1799",
        "2201-01-01", "May 2024"})
    CAF_CHECK_EQUAL(iso(text), "nothing");
}

CAF_TEST(the time of GPS tells the offset within a minute of a quarter of an hour) {
  const auto offset = [](std::string_view local, std::string_view utc) {
    return offset_by_gps(at(local), at(utc)).value_or(9999);
  };
  CAF_CHECK_EQUAL(offset("2024:05:01 12:34:56", "2024:05:01 10:34:56"), 120);
  CAF_CHECK_EQUAL(offset("2024:05:01 12:34:56", "2024:05:01 10:34:00"), 120);
  CAF_CHECK_EQUAL(offset("2024:05:01 12:34:56", "2024:05:01 10:35:56"), 120);
  CAF_CHECK_EQUAL(offset("2024:05:01 12:34:56", "2024:05:01 10:37:00"), 9999);
  CAF_CHECK_EQUAL(offset("2024:05:01 00:15:00", "2024:04:30 18:30:03"), 345);
  CAF_CHECK_EQUAL(offset("2024:04:30 20:00:00", "2024:05:01 06:00:00"), -600);
  CAF_CHECK_EQUAL(offset("2024:05:01 10:00:00", "2024:05:01 10:00:00"), 0);
  CAF_CHECK_EQUAL(offset("2024:05:02 01:00:00", "2024:05:01 10:45:00"), 9999);
  CAF_CHECK_EQUAL(offset("2024:05:01 10:00:00", "2019:05:01 10:00:00"), 9999);
}

CAF_TEST(a moment is told in UTC with the offset that is known) {
  const auto local = at("2024:05:01 00:30:00");
  CAF_CHECK_EQUAL(told(moment_of(local, 120)),
                  R"({"taken_at":"2024-04-30T22:30:00.000Z","zone":"+02:00"})");
  CAF_CHECK_EQUAL(told(moment_of(local, -210)),
                  R"({"taken_at":"2024-05-01T04:00:00.000Z","zone":"-03:30"})");
  CAF_CHECK_EQUAL(told(moment_of(local, 0)),
                  R"({"taken_at":"2024-05-01T00:30:00.000Z","zone":"+00:00"})");
  CAF_CHECK_EQUAL(told(moment_of(local, std::nullopt)),
                  R"({"taken_at":"2024-05-01T00:30:00.000Z","zone":null})");
}

CAF_TEST(an offset that only one of two sources has counts if they mean one local time) {
  file_facts exif;
  exif.taken = moment_of(at("2024:05:01 12:34:56"), std::nullopt);
  file_facts xmp;
  xmp.taken = parse_iso_time("2024-05-01T12:34:56.7+02:00");
  auto both = exif;
  both.fill_from(xmp);
  CAF_CHECK_EQUAL(told(both.taken), R"({"taken_at":"2024-05-01T10:34:56.000Z","zone":"+02:00"})");
  xmp.taken = parse_iso_time("2024-05-01T12:34:57+02:00");
  both = exif;
  both.fill_from(xmp);
  CAF_CHECK_EQUAL(told(both.taken), R"({"taken_at":"2024-05-01T12:34:56.000Z","zone":null})");
}

CAF_TEST(text from files comes out as clean UTF - 8) {
  const auto clean = [](std::string_view raw) {
    return clean_text(raw, 12);
  };
  CAF_CHECK_EQUAL(clean("T\xC3\xABst"), "T\xC3\xABst");
  CAF_CHECK_EQUAL(clean("a\xFF\xC0\x80z"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  CAF_CHECK_EQUAL(clean("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CAF_CHECK_EQUAL(clean("a\r\n\tb\x7F"), "ab");
  CAF_CHECK_EQUAL(clean("0123456789A\xC3\xAB"), "0123456789A");
}
