#define CAF_SUITE net_fields_disposition

#include "net/fields/disposition.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <random>

using namespace mediad::net::fields;

CAF_TEST(a plain name needs no second form) {
  CAF_CHECK_EQUAL(content_disposition(false, "beach.jpg"), R"(inline; filename="beach.jpg")");
  CAF_CHECK_EQUAL(content_disposition(true, "my file (1).zip"),
                  R"(attachment; filename="my file (1).zip")");
}

CAF_TEST(without a name only the kind is said) {
  CAF_CHECK_EQUAL(content_disposition(true, ""), "attachment");
}

CAF_TEST(a name beyond ASCII comes twice) {
  CAF_CHECK_EQUAL(content_disposition(true, "Fo\u00F6 \u20AC.txt"),
                  R"(attachment; filename="Fo_ _.txt"; filename*=UTF-8''Fo%C3%B6%20%E2%82%AC.txt)");
}

CAF_TEST(quotes and percent signs survive in the exact form only) {
  CAF_CHECK_EQUAL(content_disposition(false, "a\"b%41.txt"),
                  R"(inline; filename="a_b_41.txt"; filename*=UTF-8''a%22b%2541.txt)");
}

CAF_TEST(folders and controls in a name become harmless) {
  CAF_CHECK_EQUAL(content_disposition(false, "../a\\b\r\nSet-Cookie: x"),
                  R"(inline; filename=".._a_b__Set-Cookie: x")");
}

CAF_TEST(a name cannot hide its ending by turning the reading direction) {
  CAF_CHECK_EQUAL(content_disposition(false, "a\u202Egpj.exe"), R"(inline; filename="a_gpj.exe")");
}

CAF_TEST(broken UTF - 8 is replaced) {
  for (const char* broken : {"\xff", "\xc0", "\xe2\x82", "\xed\xa0\x80", "\xf5"}) {
    const auto value = content_disposition(false, broken);
    CAF_CHECK(value.find('%') == std::string::npos);
    CAF_CHECK(value.find('_') != std::string::npos);
  }
}

CAF_TEST(whatever the name the value is one bounded line of visible ASCII with two quotes) {
  std::mt19937 random{20261122};
  for (int round = 0; round < 20'000; ++round) {
    std::string name;
    for (auto length = random() % 400; length > 0; --length)
      name += static_cast<char>(random() % 256);
    const auto value = content_disposition(round % 2 == 0, name);
    CAF_REQUIRE(
      std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
    CAF_REQUIRE(std::count(value.begin(), value.end(), '"') <= 2);
    CAF_REQUIRE(value.size() < 1'200);
  }
}

CAF_TEST(only what runs nothing is shown in the browser) {
  for (const char* type : {"image/jpeg", "video/mp4", "audio/mpeg", "application/pdf"})
    CAF_CHECK(is_viewable(type));
  for (const char* type : {"text/html", "image/svg+xml", "image/svg+xml; charset=utf-8",
                           "application/xhtml+xml", "application/octet-stream", "text/plain", ""})
    CAF_CHECK(!is_viewable(type));
}
