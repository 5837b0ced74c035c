#define CAF_SUITE net_fields_digests

#include "net/fields/digests.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::net::fields;

namespace {

// `printf abc | openssl dgst -sha256 -binary | base64`
const std::string abc_256 = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
const std::string abc_512 =
  "sha-512=:3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1"
  "EI2Q86A4qmslPpUyknw==:";

errc outcome_of(const std::string& field, const std::string& content) {
  content_check check{parse_digests(field).value()};
  check.update(content);
  const auto done = check.finish();
  return done ? errc{} : done.error().code;
}

} // namespace

CAF_TEST(content that is what it should be passes) {
  CAF_CHECK(outcome_of(abc_256, "abc") == errc{});
  CAF_CHECK(outcome_of(abc_512, "abc") == errc{});
  CAF_CHECK(outcome_of(abc_256 + ", " + abc_512, "abc") == errc{});
}

CAF_TEST(one wrong digest of two is enough) {
  CAF_CHECK(outcome_of(abc_256, "abd") == errc::digest_mismatch);
  CAF_CHECK(outcome_of(abc_512, "") == errc::digest_mismatch);
  auto half = abc_512;
  half[9] = 'A';
  CAF_CHECK(outcome_of(abc_256 + ", " + half, "abc") == errc::digest_mismatch);
}

CAF_TEST(an algorithm that is not ours is passed over) {
  const auto none = parse_digests("md5=:AAAA:, unixsum=:AAAA:").value();
  CAF_CHECK(none.empty());
  CAF_CHECK(outcome_of("md5=:AAAA:, " + abc_256, "abc") == errc{});
}

CAF_TEST(a malformed field is refused) {
  for (const auto* wrong :
       {"sha-256=:AAAA:", "sha-256", "sha-256=\"x\"", "sha-256=abc", "=", "md5=:AA"})
    CAF_CHECK(!parse_digests(wrong));
  CAF_CHECK(parse_digests(std::nullopt).value().empty());
}

CAF_TEST(what is given back is what was sent) {
  const auto hex = parse_digests(abc_256).value().sha256;
  CAF_CHECK_EQUAL(repr_digest(hex), abc_256);
  CAF_CHECK_EQUAL(repr_digest(""), "");
}
