#define CAF_SUITE net_fields_range

#include "net/fields/range.hpp"

#include "base/clock.hpp"
#include "net/fields/conditions.hpp"

#include <caf/test/unit_test.hpp>

#include <random>

using namespace mediad;
using namespace mediad::net::fields;

namespace {

using ranges = std::vector<byte_range>;

std::string shown(const std::optional<ranges>& found) {
  if (!found)
    return "ignored";
  std::string out;
  for (const auto& r : *found)
    out += std::to_string(r.first) + "+" + std::to_string(r.size) + " ";
  return out.empty() ? "unsatisfiable" : out.substr(0, out.size() - 1);
}

std::string of_100(std::string_view field) {
  return shown(parse_range(field, 100));
}

constexpr unix_ms modified = 1'796'054'645'123; // 2026-11-30T16:04:05.123Z
const std::string modified_date = "Mon, 30 Nov 2026 16:04:05 GMT";
const std::string earlier_date = "Mon, 30 Nov 2026 16:04:04 GMT";

representation original() {
  representation r;
  r.etag = R"("abc")";
  r.modified = modified;
  r.modified_is_strong = true;
  r.size = 100;
  return r;
}

verdict answer(const conditions& asked, bool is_get = true) {
  return select(asked, original(), is_get).answer;
}

} // namespace

CAF_TEST(a single range is cut to what there is) {
  CAF_CHECK_EQUAL(of_100("bytes=0-9"), "0+10");
  CAF_CHECK_EQUAL(of_100("bytes=90-"), "90+10");
  CAF_CHECK_EQUAL(of_100("bytes=90-500"), "90+10");
  CAF_CHECK_EQUAL(of_100("bytes=-10"), "90+10");
  CAF_CHECK_EQUAL(of_100("bytes=-500"), "0+100");
  CAF_CHECK_EQUAL(of_100("bytes=99-99"), "99+1");
}

CAF_TEST(the unit may be written in any case and spaced as lists are) {
  CAF_CHECK_EQUAL(of_100("Bytes=0-9"), "0+10");
  CAF_CHECK_EQUAL(of_100("bytes= 0-9 , ,\t20-29,"), "0+10 20+10");
}

CAF_TEST(a malformed range is ignored) {
  for (const char* field : {"", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=5-4",
                            "bytes=1", "bytes=+1-2", "bytes=1-2-3", "bytes=--1", "bytes=0x1-2",
                            "bytes=1 -2", "lines=0-9", "bytes=0-9;q"})
    CAF_CHECK_EQUAL(of_100(field), "ignored");
}

CAF_TEST(one malformed range spoils its whole list) {
  CAF_CHECK_EQUAL(of_100("bytes=0-9,x"), "ignored");
}

CAF_TEST(a range beyond the end cannot be satisfied) {
  CAF_CHECK_EQUAL(of_100("bytes=100-"), "unsatisfiable");
  CAF_CHECK_EQUAL(of_100("bytes=-0"), "unsatisfiable");
  CAF_CHECK_EQUAL(of_100("bytes=100-200,300-"), "unsatisfiable");
  CAF_CHECK_EQUAL(shown(parse_range("bytes=0-", 0)), "unsatisfiable");
  CAF_CHECK_EQUAL(shown(parse_range("bytes=-1", 0)), "unsatisfiable");
}

CAF_TEST(numbers beyond 64 bits do not wrap around) {
  CAF_CHECK_EQUAL(of_100("bytes=18446744073709551616-"), "unsatisfiable");
  CAF_CHECK_EQUAL(of_100("bytes=1-99999999999999999999999999"), "1+99");
  CAF_CHECK_EQUAL(of_100("bytes=-99999999999999999999999999"), "0+100");
  const auto top = shown(parse_range("bytes=0-18446744073709551615", 18446744073709551615U));
  CAF_CHECK_EQUAL(top, "0+18446744073709551615");
}

CAF_TEST(several ranges keep their order and lose what cannot be satisfied) {
  CAF_CHECK_EQUAL(of_100("bytes=50-59,0-9,200-"), "50+10 0+10");
  CAF_CHECK_EQUAL(of_100("bytes=0-49,50-99"), "0+50 50+50");
}

CAF_TEST(overlapping ranges are ignored) {
  CAF_CHECK_EQUAL(of_100("bytes=0-50,50-99"), "ignored");
  CAF_CHECK_EQUAL(of_100("bytes=90-,-5"), "ignored");
}

CAF_TEST(more than sixteen ranges are ignored) {
  std::string field = "bytes=0-0";
  for (int i = 1; i < 16; ++i)
    field += "," + std::to_string(2 * i) + "-" + std::to_string(2 * i);
  CAF_CHECK_NOT_EQUAL(of_100(field), "ignored");
  CAF_CHECK_EQUAL(of_100(field + ",50-50"), "ignored");
}

CAF_TEST(whatever the field says every range lies inside and none overlap) {
  std::mt19937 random{20261122};
  constexpr std::string_view noise = "0123456789--,, =bytes";
  const auto piece = [](std::mt19937& r) {
    return "0123456789"[r() % 10] + std::string{"-"} + "0123456789"[r() % 10];
  };
  std::size_t parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string field = "bytes=";
    for (auto length = random() % (round % 2 == 0 ? 24 : 4); length > 0; --length)
      field += round % 2 == 0 ? std::string{noise[random() % noise.size()]} : piece(random) + ",";
    const std::uint64_t size = random() % 40;
    const auto found = parse_range(field, size);
    if (!found)
      continue;
    ++parsed;
    std::vector<bool> taken(size, false);
    for (const auto& r : *found) {
      CAF_REQUIRE(r.size > 0 && r.first < size && r.size <= size - r.first);
      for (auto at = r.first; at < r.first + r.size; ++at) {
        const bool free = !taken[at];
        CAF_REQUIRE(free);
        taken[at] = true;
      }
    }
  }
  CAF_CHECK(parsed > 1'000);
}

CAF_TEST(a multipart body is as long as it says) {
  const std::string file = "0123456789abcdefghij";
  const byteranges parts{{{2, 3}, {10, 1}}, file.size(), "text/plain", "B"};
  std::string body;
  for (std::size_t i = 0; i < parts.ranges().size(); ++i)
    body += parts.before(i) + file.substr(parts.ranges()[i].first, parts.ranges()[i].size);
  body += parts.after();
  CAF_CHECK_EQUAL(body,
                  "--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 2-4/20\r\n\r\n234"
                  "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 10-10/20\r\n\r\na"
                  "\r\n--B--\r\n");
  CAF_CHECK_EQUAL(parts.content_length(), body.size());
}

CAF_TEST(an entity tag that is known is not sent again) {
  conditions asked;
  for (const char* known : {R"("abc")", R"(W/"abc")", R"("x", "abc")", R"("x,y" ,W/"abc")", "*"}) {
    asked.if_none_match = known;
    CAF_CHECK(answer(asked) == verdict::not_modified);
  }
  for (const char* other : {R"("abcd")", "abc", "", R"("ab)", R"(")"}) {
    asked.if_none_match = other;
    CAF_CHECK(answer(asked) == verdict::whole);
  }
}

CAF_TEST(If Match compares strongly) {
  conditions asked;
  asked.if_match = R"("x", "abc")";
  CAF_CHECK(answer(asked) == verdict::whole);
  asked.if_match = "*";
  CAF_CHECK(answer(asked) == verdict::whole);
  asked.if_match = R"(W/"abc")";
  CAF_CHECK(answer(asked) == verdict::mismatch);
}

CAF_TEST(a date is compared by whole seconds) {
  conditions asked;
  asked.if_modified_since = modified_date;
  CAF_CHECK(answer(asked) == verdict::not_modified);
  asked.if_modified_since = earlier_date;
  CAF_CHECK(answer(asked) == verdict::whole);
  conditions unmodified;
  unmodified.if_unmodified_since = modified_date;
  CAF_CHECK(answer(unmodified) == verdict::whole);
  unmodified.if_unmodified_since = earlier_date;
  CAF_CHECK(answer(unmodified) == verdict::mismatch);
}

CAF_TEST(a date that nobody can read is no condition) {
  conditions asked;
  asked.if_modified_since = "yesterday";
  asked.if_unmodified_since = "tomorrow";
  CAF_CHECK(answer(asked) == verdict::whole);
}

CAF_TEST(tags go before dates and preconditions before everything) {
  conditions asked;
  asked.if_none_match = R"("other")";
  asked.if_modified_since = modified_date;
  CAF_CHECK(answer(asked) == verdict::whole);
  asked.if_match = R"("abc")";
  asked.if_unmodified_since = earlier_date;
  CAF_CHECK(answer(asked) == verdict::whole);
  asked.if_match = R"("other")";
  asked.if_none_match = R"("abc")";
  asked.range = "bytes=500-";
  CAF_CHECK(answer(asked) == verdict::mismatch);
  asked.if_match.reset();
  asked.if_unmodified_since.reset();
  CAF_CHECK(answer(asked) == verdict::not_modified);
}

CAF_TEST(If Range decides between the part and the whole) {
  conditions asked;
  asked.range = "bytes=0-9";
  CAF_CHECK(answer(asked) == verdict::part);
  for (const auto& same : {std::string{R"("abc")"}, modified_date}) {
    asked.if_range = same;
    CAF_CHECK(answer(asked) == verdict::part);
  }
  for (const auto& other :
       {std::string{R"("abcd")"}, std::string{R"(W/"abc")"}, earlier_date, std::string{"abc"}}) {
    asked.if_range = other;
    CAF_CHECK(answer(asked) == verdict::whole);
  }
}

CAF_TEST(a date is no proof for bytes that may change within a second) {
  conditions asked;
  asked.range = "bytes=0-9";
  asked.if_range = modified_date;
  auto preview = original();
  preview.modified_is_strong = false;
  const auto chosen = select(asked, preview, true);
  CAF_CHECK(chosen.answer == verdict::whole);
}

CAF_TEST(a range is nothing to HEAD) {
  conditions asked;
  asked.range = "bytes=500-";
  CAF_CHECK(answer(asked, true) == verdict::unsatisfiable);
  CAF_CHECK(answer(asked, false) == verdict::whole);
}
