#define CAF_SUITE base_sha256

#include "base/sha256.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>

using namespace mediad;

namespace {

std::string digest(std::string_view bytes) {
  sha256 hash;
  hash.update(bytes);
  return std::move(hash).hex();
}

// The examples of FIPS 180-4's companion document (NIST, SHA-256 examples).
const std::string of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string of_a_million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

} // namespace

CAF_TEST(the examples of the standard come out) {
  CAF_CHECK_EQUAL(digest(""), of_nothing);
  CAF_CHECK_EQUAL(digest("abc"), of_abc);
}

CAF_TEST(pieces give the digest of the whole) {
  sha256 hash;
  for (int i = 0; i < 1'000; ++i)
    hash.update(std::string(1'000, 'a'));
  CAF_CHECK_EQUAL(std::move(hash).hex(), of_a_million);
}

CAF_TEST(a digest saved anywhere goes on as if nothing had happened) {
  const std::string text(1'000, 'a');
  std::string saved;
  for (std::size_t at = 0; at < text.size(); at += 37) {
    auto hash = sha256::restore(saved).value();
    hash.update(std::string_view{text}.substr(at, 37));
    saved = hash.save();
  }
  CAF_CHECK_EQUAL(sha256::restore(saved).value().save(), saved);
  CAF_CHECK_EQUAL(std::move(*sha256::restore(saved)).hex(), digest(text));
}

CAF_TEST(what was never saved is not restored) {
  auto cut = sha256{}.save();
  cut.pop_back();
  for (const auto& text :
       {cut, std::string{"x"}, std::string(80, '0') + "00", std::string(400, '0')})
    CAF_CHECK(!sha256::restore(text));
}

CAF_TEST(a file has the digest of its bytes) {
  const tests::temp_root root;
  std::ofstream{root.path / "million"} << std::string(1'000'000, 'a');
  CAF_CHECK_EQUAL(sha256_of_file(root.path / "million").value(), of_a_million);
}

CAF_TEST(a large file has the digest of all its blocks in their order) {
  const tests::temp_root root;
  constexpr std::size_t mib = std::size_t{1} << 20U;
  constexpr std::size_t first = mib / 4;
  for (const auto size : {first - 1, first, first + 1, first + mib, first + 3 * mib + 7}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
      bytes[i] = static_cast<char>(i * 31 + i / 4'096);
    std::ofstream{root.path / "large", std::ios::binary} << bytes;
    sha256 whole;
    whole.update(bytes);
    const auto expected = std::move(whole).hex();
    CAF_CHECK_EQUAL(sha256_of_file(root.path / "large").value(), expected);
  }
}

CAF_TEST(a missing file is not found) {
  const tests::temp_root root;
  const auto none = sha256_of_file(root.path / "missing");
  CAF_REQUIRE(!none);
  CAF_CHECK(none.error().code == errc::not_found);
}
