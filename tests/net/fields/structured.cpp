#define CAF_SUITE net_fields_structured

#include "net/fields/structured.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::net::fields;

namespace {

std::string bytes_of(std::string_view field) {
  const auto value = parse_item(field);
  const auto* bytes = value ? std::get_if<byte_sequence>(&*value) : nullptr;
  return bytes != nullptr ? bytes->value : "none";
}

bool is_dictionary(std::string_view field) {
  return parse_dictionary(field).has_value();
}

} // namespace

CAF_TEST(a boolean is one digit behind a question mark) {
  CAF_CHECK(parse_boolean("?1") == true);
  CAF_CHECK(parse_boolean(" ?0 ") == false);
  CAF_CHECK(parse_boolean("?1;why=\"so\"") == true);
  for (const auto* wrong : {"", "1", "true", "?2", "?", "?1, ?0", "?1 ?0", "?1;", "?1\t"})
    CAF_CHECK(!parse_boolean(wrong));
  CAF_CHECK(!parse_boolean(std::nullopt));
}

CAF_TEST(a count is a whole number of at most fifteen digits) {
  CAF_CHECK(parse_count("0") == 0U);
  CAF_CHECK(parse_count("999999999999999") == 999'999'999'999'999U);
  for (const auto* wrong : {"-1", "1000000000000000", "1.5", "+1", "0x1", "1 2", "-", ""})
    CAF_CHECK(!parse_count(wrong));
}

CAF_TEST(bytes need no padding but a colon on both sides) {
  CAF_CHECK_EQUAL(bytes_of(":aGVsbG8=:"), "hello");
  CAF_CHECK_EQUAL(bytes_of(":aGVsbG8:"), "hello");
  CAF_CHECK_EQUAL(bytes_of("::"), "");
  for (const auto* wrong :
       {":aGVsbG8=", "aGVsbG8=:", ":a:", ":a GV:", ":aGVsbG8===:", ":aG=VsbG8:"})
    CAF_CHECK_EQUAL(bytes_of(wrong), "none");
  for (const std::string text : {"", "a", "ab", "abc", "\xff\x00\x7f"})
    CAF_CHECK_EQUAL(bytes_of(to_text(byte_sequence{text})), text);
}

CAF_TEST(a dictionary is refused as a whole) {
  CAF_CHECK(is_dictionary(""));
  CAF_CHECK(is_dictionary("a"));
  CAF_CHECK(is_dictionary("a=1, b;x=?0,c=(1 \"two\" :AA==:);q, *d=@5, e=1.25, f=%\"x\""));
  for (const auto* wrong :
       {"a=", "a,", ",a", "a b", "A=1", "a=(1", "a=(1,2)", "a=\"x", "a=\"\\n\"", "a=@x"})
    CAF_CHECK(!is_dictionary(wrong));
}

CAF_TEST(of equal keys the last one counts) {
  const auto all = parse_dictionary("a=1, b=2, a=3").value();
  CAF_REQUIRE_EQUAL(all.size(), 2U);
  CAF_CHECK_EQUAL(all[0].first, "a");
  CAF_CHECK_EQUAL(std::get<std::int64_t>(all[0].second), 3);
}
