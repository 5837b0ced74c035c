#define CAF_SUITE base_password

#include "base/password.hpp"

#include "base/common_passwords.hpp"
#include "base/sha256.hpp"

#include <caf/test/unit_test.hpp>

#include <set>

using namespace mediad;

namespace {

bool is_refused(const std::string& password) {
  const auto checked = check_new_password(password);
  return !checked && checked.error().code == errc::bad_request && !checked.error().detail.empty();
}

} // namespace

CAF_TEST(a new password has at least twelve characters) {
  CAF_CHECK(is_refused(""));
  CAF_CHECK(is_refused("salty-waves"));
  CAF_CHECK(!is_refused("salty-waves!"));
}

CAF_TEST(a character beyond ASCII counts once) {
  CAF_CHECK(is_refused("größere-Öse"));
  CAF_CHECK(!is_refused("größere-Ösen"));
  CAF_CHECK(is_refused("海砂波風月星雨雪山川林"));
  CAF_CHECK(!is_refused("海砂波風月星雨雪山川林火"));
  CAF_CHECK(!is_refused("😀🏖😁🏝😂🌊🤣⛱😃🐚😄🦀"));
}

CAF_TEST(a new password has at most 128 bytes) {
  const std::string longest = "salt" + std::string(124, '-');
  CAF_CHECK(!is_refused(longest));
  CAF_CHECK(is_refused(longest + "-"));
  std::string of_two_bytes;
  for (int i = 0; i < 64; ++i)
    of_two_bytes += "ö";
  CAF_CHECK(!is_refused(of_two_bytes));
  CAF_CHECK(is_refused(of_two_bytes + "ö"));
}

CAF_TEST(a password that many people have is refused in any case) {
  CAF_CHECK(is_refused("123456789012"));
  CAF_CHECK(is_refused("1234567890qwerty"));
  CAF_CHECK(is_refused("1234567890QWERTY"));
  CAF_CHECK(is_refused("1234567890qWerTy"));
  CAF_CHECK(!is_refused("1234567890qwerty-salt"));
  CAF_CHECK(is_common_password("123321qweewq"));
  // Far down the list.
  for (const std::string one : {"Leavemealone", "zxzxzxzxzxzx", "duranduran80"})
    CAF_CHECK(is_refused(one));
  CAF_CHECK(!is_common_password("salty-waves!"));
}

CAF_TEST(a hash is opened by its password alone) {
  const auto hash = hash_password("salty-waves!").value();
  CAF_CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  CAF_CHECK(hash.find("salty") == std::string::npos);
  CAF_CHECK(is_password_right(hash, "salty-waves!"));
  for (const auto* wrong : {"salty-waves", "Salty-waves!", "salty-waves! ", ""})
    CAF_CHECK(!is_password_right(hash, wrong));
}

CAF_TEST(a zero byte ends no password) {
  const std::string whole{"salty\0waves-one", 15};
  const auto hash = hash_password(whole).value();
  CAF_CHECK(is_password_right(hash, whole));
  CAF_CHECK(!is_password_right(hash, std::string{"salty\0waves-two", 15}));
  CAF_CHECK(!is_password_right(hash, "salty"));
}

CAF_TEST(one password has another hash each time) {
  const auto first = hash_password("salty-waves!").value();
  const auto second = hash_password("salty-waves!").value();
  CAF_CHECK_NOT_EQUAL(first, second);
  CAF_CHECK(is_password_right(second, "salty-waves!"));
}

CAF_TEST(an empty hash and one that is none open nothing) {
  for (const auto* password : {"", "salty-waves!"}) {
    CAF_CHECK(!is_password_right("", password));
    CAF_CHECK(!is_password_right("salty-waves!", password));
    CAF_CHECK(!is_password_right("$argon2id$v=19$m=65536,t=3,p=1$", password));
  }
}

CAF_TEST(secrets differ and are 43 characters for an URL) {
  constexpr std::string_view allowed =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::set<std::string> all;
  for (int i = 0; i < 100; ++i) {
    const auto secret = make_secret();
    CAF_CHECK_EQUAL(secret.size(), 43U);
    CAF_CHECK(secret.find_first_not_of(allowed) == std::string::npos);
    all.insert(secret);
  }
  CAF_CHECK_EQUAL(all.size(), 100U);
}

CAF_TEST(what is kept of a secret is its SHA - 256) {
  const auto secret = make_secret();
  const auto digest = digest_of_secret(secret);
  CAF_CHECK_EQUAL(digest.size(), 32U);
  sha256 hash;
  hash.update(secret);
  const auto expected = std::move(hash).hex();
  CAF_CHECK_EQUAL(to_hex(digest), expected);
  CAF_CHECK_NOT_EQUAL(digest_of_secret(secret + "x"), digest);
}

CAF_TEST(secrets are equal if all their bytes are) {
  CAF_CHECK(are_equal_secrets("", ""));
  CAF_CHECK(are_equal_secrets("sand", "sand"));
  CAF_CHECK(!are_equal_secrets("sand", "sane"));
  CAF_CHECK(!are_equal_secrets("sand", "Sand"));
  CAF_CHECK(!are_equal_secrets("sand", "sands"));
  CAF_CHECK(!are_equal_secrets("sand", ""));
  CAF_CHECK(!are_equal_secrets({"a\0b", 3}, {"a\0c", 3}));
}
