#define CAF_SUITE net_fields_field_value

#include "net/fields/field_value.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using net::fields::parse_field_value;

namespace {

std::string name_in(const std::string& disposition) {
  const auto field = parse_field_value(disposition);
  return field ? net::fields::file_name(*field).value_or("(none)") : "(malformed)";
}

} // namespace

CAF_TEST(values and names of parameters are lower case and words keep theirs) {
  const auto field = parse_field_value(" Text/HTML ; CharSet=UTF-8;;x = \"A;B\" ");
  CAF_REQUIRE(field);
  CAF_CHECK_EQUAL(field->value, "text/html");
  CAF_CHECK(field->parameter("charset") == "UTF-8");
  CAF_CHECK(field->parameter("x") == "A;B");
  CAF_CHECK(!field->parameter("y"));
}

CAF_TEST(the extended name wins over the plain one) {
  const auto name =
    name_in("attachment; filename=\"x.txt\"; filename*=UTF-8''%E2%82%AC%20rates.txt");
  CAF_CHECK_EQUAL(name, "\xE2\x82\xAC rates.txt");
}

CAF_TEST(an extended name in Latin 1 becomes UTF8) {
  const auto name = name_in("attachment; filename*=iso-8859-1'en'%A3.txt");
  CAF_CHECK_EQUAL(name, "\xC2\xA3.txt");
}

CAF_TEST(a broken extended name falls back to the plain one) {
  for (const auto* broken : {"x", "UTF-8'", "UTF-8''%4", "UTF-8''%zz", "koi8-r''a"}) {
    const auto name = name_in(std::string{"attachment; filename=plain; filename*="} + broken);
    CAF_CHECK_EQUAL(name, "plain");
  }
}

CAF_TEST(escapes are undone and a path of Windows is left alone) {
  const auto quotes = name_in(R"(form-data; filename="a \"b\" \\ c")");
  const auto path = name_in(R"(form-data; filename="C:\dir\file.txt")");
  CAF_CHECK_EQUAL(quotes, R"(a "b" \ c)");
  CAF_CHECK_EQUAL(path, R"(C:\dir\file.txt)");
}

CAF_TEST(a word without quotes may hold spaces) {
  const auto name = name_in("attachment; filename=my holiday.jpg ; x=1");
  CAF_CHECK_EQUAL(name, "my holiday.jpg");
}

CAF_TEST(what is no field is told apart from a field without a name) {
  for (const auto* text : {"", ";", "a; b", "a; b=\"open", "a; b=\"x\" y", "a; b=\"x\\\""}) {
    const auto field = parse_field_value(text);
    CAF_CHECK(!field);
  }
  const auto none = name_in("inline");
  CAF_CHECK_EQUAL(none, "(none)");
}
