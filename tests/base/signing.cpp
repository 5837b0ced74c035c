#define CAF_SUITE base_signing

#include "base/signing.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;

CAF_TEST(a signature is HMAC of all parts with their lengths) {
  std::string key;
  for (char c = 0; c < 32; ++c)
    key += c;
  // From Python: hmac.new(bytes(range(32)), b'3:GET0:4:sand', 'sha256')
  const auto signature = to_base64url(sign(key, {"GET", "", "sand"}));
  CAF_CHECK_EQUAL(signature, "nCPryq-uo40-hE-xpQjN4rJmIld82_fTk9qRBsSHDII");
}

CAF_TEST(two lists of parts are never one message) {
  const auto signature = sign("key", {"ab", "c"});
  CAF_CHECK(signature == sign("key", {"ab", "c"}));
  CAF_CHECK(signature != sign("key", {"a", "bc"}));
  CAF_CHECK(signature != sign("key", {"abc"}));
  CAF_CHECK(signature != sign("key", {"ab", "c", ""}));
  CAF_CHECK(signature != sign("kez", {"ab", "c"}));
}

CAF_TEST(base64url is read as it is written) {
  for (const std::string bytes : {"", "s", "sa", "sand", "\xff\xfe\xfd"})
    CAF_CHECK_EQUAL(from_base64url(to_base64url(bytes)).value_or("none"), bytes);
  CAF_CHECK_EQUAL(to_base64url("\xff\xfe"), "__4");
}

CAF_TEST(what is no base64url is nothing) {
  for (const auto* text : {"//4", "__4=", "_", "__ 4", "__4\n"})
    CAF_CHECK(!from_base64url(text));
}
