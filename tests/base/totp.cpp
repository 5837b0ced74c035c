#define CAF_SUITE base_totp

#include "base/totp.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <set>

using namespace mediad;

namespace {

/// The secret of RFC 6238 appendix B.
constexpr std::string_view secret = "12345678901234567890";
constexpr unix_ms at = 1'111'111'109'000; ///< In step 37,037,036.
constexpr std::uint64_t step = 37'037'036;

std::uint64_t found(const std::string& code, unix_ms now = at, std::uint64_t last_used = 0) {
  return find_totp_step(secret, code, now, last_used).value_or(0);
}

} // namespace

CAF_TEST(codes are those of RFC 6238 appendix B) {
  CAF_CHECK_EQUAL(totp_code(secret, 59 / 30), "287082");
  CAF_CHECK_EQUAL(totp_code(secret, 1'111'111'109 / 30), "081804");
  CAF_CHECK_EQUAL(totp_code(secret, 1'111'111'111 / 30), "050471");
  CAF_CHECK_EQUAL(totp_code(secret, 1'234'567'890 / 30), "005924");
  CAF_CHECK_EQUAL(totp_code(secret, 2'000'000'000 / 30), "279037");
  CAF_CHECK_EQUAL(totp_code(secret, 20'000'000'000 / 30), "353130");
}

CAF_TEST(a code counts in its step and in those beside it) {
  CAF_CHECK_EQUAL(found(totp_code(secret, step)), step);
  CAF_CHECK_EQUAL(found(totp_code(secret, step - 1)), step - 1);
  CAF_CHECK_EQUAL(found(totp_code(secret, step + 1)), step + 1);
  CAF_CHECK_EQUAL(found(totp_code(secret, step - 2)), 0U);
  CAF_CHECK_EQUAL(found(totp_code(secret, step + 2)), 0U);
}

CAF_TEST(a step that was used counts no more nor does one before it) {
  CAF_CHECK_EQUAL(found(totp_code(secret, step), at, step - 1), step);
  CAF_CHECK_EQUAL(found(totp_code(secret, step), at, step), 0U);
  CAF_CHECK_EQUAL(found(totp_code(secret, step - 1), at, step), 0U);
  CAF_CHECK_EQUAL(found(totp_code(secret, step + 1), at, step), step + 1);
}

CAF_TEST(what is no code of six digits is none) {
  const auto code = totp_code(secret, step);
  for (const auto& wrong : {std::string{}, code.substr(1), code + '0', ' ' + code, "0" + code})
    CAF_CHECK_EQUAL(found(wrong), 0U);
}

CAF_TEST(the beginning of time does no harm) {
  CAF_CHECK_EQUAL(found(totp_code(secret, 0), 0), 0U);
  CAF_CHECK_EQUAL(found(totp_code(secret, 1), -5), 1U);
}

CAF_TEST(a secret is 160 bits and another one each time) {
  const auto one = make_totp_secret();
  CAF_CHECK_EQUAL(one.size(), totp_secret_bytes);
  CAF_CHECK(one != make_totp_secret());
}

CAF_TEST(base32 is that of RFC 4648 section 10) {
  const std::pair<const char*, const char*> all[] = {{"", ""},
                                                     {"f", "MY"},
                                                     {"fo", "MZXQ"},
                                                     {"foo", "MZXW6"},
                                                     {"foob", "MZXW6YQ"},
                                                     {"fooba", "MZXW6YTB"},
                                                     {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : all) {
    CAF_CHECK_EQUAL(to_base32(bytes), text);
    CAF_CHECK_EQUAL(from_base32(text).value_or("none"), bytes);
  }
  CAF_CHECK_EQUAL(from_base32("mzxw6").value_or("none"), "foo");
  const auto secret_bytes = make_totp_secret();
  CAF_CHECK(from_base32(to_base32(secret_bytes)) == secret_bytes);
}

CAF_TEST(what is no base32 is nothing) {
  for (const auto* text : {"M", "MZ", "MZX", "MZXW6=", "0000", "MZ XQ", "MZXW8"})
    CAF_CHECK(!from_base32(text));
}

CAF_TEST(recovery codes are many and differ and may be typed otherwise) {
  const auto all = make_recovery_codes();
  CAF_CHECK_EQUAL(all.size(), recovery_codes);
  const std::set<std::string> different{all.begin(), all.end()};
  CAF_CHECK_EQUAL(different.size(), recovery_codes);
  const auto& one = all.front();
  CAF_CHECK_EQUAL(one.size(), 19U);
  auto typed = one;
  std::replace(typed.begin(), typed.end(), '-', ' ');
  for (auto& c : typed)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto digest = digest_of_recovery_code(one);
  CAF_CHECK_EQUAL(digest.size(), 32U);
  CAF_CHECK(digest_of_recovery_code(typed) == digest);
  CAF_CHECK(digest_of_recovery_code(all.back()) != digest);
}
