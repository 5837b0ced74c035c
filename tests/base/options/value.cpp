#define CAF_SUITE base_options_value

#include "base/options/value.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::options;

namespace {

constexpr std::int64_t refused = -1;

std::int64_t duration(const char* text) {
  return parse_duration(text).value_or(refused);
}

std::int64_t size(const char* text) {
  return parse_size(text).value_or(refused);
}

} // namespace

CAF_TEST(a duration has digits and one of four units) {
  CAF_CHECK_EQUAL(duration("300ms"), 300);
  CAF_CHECK_EQUAL(duration("15s"), 15'000);
  CAF_CHECK_EQUAL(duration("2m"), 120'000);
  CAF_CHECK_EQUAL(duration("1h"), 3'600'000);
  CAF_CHECK_EQUAL(duration("0ms"), 0);
}

CAF_TEST(a duration without a unit or with a stranger one is refused) {
  for (const auto* text :
       {"", "300", "ms", "3d", "3 s", " 3s", "3s ", "3S", "-3s", "+3s", "1.5s", "1h30m"})
    CAF_CHECK_EQUAL(duration(text), refused);
}

CAF_TEST(a duration too long for its type is refused and does not wrap) {
  CAF_CHECK_EQUAL(duration("9223372036854775807ms"), 9'223'372'036'854'775'807);
  CAF_CHECK_EQUAL(duration("9223372036854775807s"), refused);
  CAF_CHECK_EQUAL(duration("99999999999999999999ms"), refused);
}

CAF_TEST(a size counts in powers of 1024) {
  CAF_CHECK_EQUAL(size("7B"), 7);
  CAF_CHECK_EQUAL(size("16KiB"), 16 * 1024);
  CAF_CHECK_EQUAL(size("512MiB"), 512LL << 20);
  CAF_CHECK_EQUAL(size("64GiB"), 64LL << 30);
  CAF_CHECK_EQUAL(size("2TiB"), 2LL << 40);
}

CAF_TEST(a size without a unit or in powers of 1000 is refused) {
  for (const auto* text :
       {"", "64", "GiB", "64G", "64GB", "64 GiB", "64gib", "-1B", "9999999999TiB"})
    CAF_CHECK_EQUAL(size(text), refused);
}

CAF_TEST(what is formatted parses to the same number) {
  for (const std::int64_t n : {0LL, 1LL, 999LL, 1'000LL, 90'000LL, 3'600'000LL, 86'400'000LL})
    CAF_CHECK_EQUAL(parse_duration(format_duration(n)).value_or(refused), n);
  for (const std::int64_t n : {0LL, 1LL, 1'023LL, 1'024LL, 3LL << 20, 5LL << 40})
    CAF_CHECK_EQUAL(parse_size(format_size(n)).value_or(refused), n);
}

CAF_TEST(formatting takes the largest unit without a rest) {
  CAF_CHECK_EQUAL(format_duration(90'000), "90s");
  CAF_CHECK_EQUAL(format_duration(7'200'000), "2h");
  CAF_CHECK_EQUAL(format_size(1536), "1536B");
  CAF_CHECK_EQUAL(format_size(64LL << 30), "64GiB");
}

CAF_TEST(a list may be written with commas alone or as in TOML) {
  const std::vector<std::string> both{"jpeg", "webp"};
  CAF_CHECK_EQUAL(split_list("jpeg,webp"), both);
  CAF_CHECK_EQUAL(split_list(" jpeg , webp "), both);
  CAF_CHECK_EQUAL(split_list(R"(["jpeg", "webp"])"), both);
  CAF_CHECK(split_list("").empty());
}

CAF_TEST(text is quoted so that TOML reads the same text back) {
  CAF_CHECK_EQUAL(to_toml(std::string{"a\"b\\c\n"}), R"("a\"b\\c\u000A")");
  CAF_CHECK_EQUAL(to_toml(std::vector<std::int64_t>{1, 2}), "[1, 2]");
}
