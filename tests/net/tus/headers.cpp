#define CAF_SUITE net_tus_headers

#include "net/tus/headers.hpp"

#include "base/sha256.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::net::tus;

namespace {

const std::string id_a = "01JD0000000000000000000001";
const std::string id_b = "01JD0000000000000000000002";

bool is_number(std::string_view text) {
  return static_cast<bool>(parse_number("Upload-Length", text));
}

std::string hex_of(checksum_algorithm how, std::string_view bytes) {
  checksum sum{how};
  sum.update(bytes.substr(0, 3));
  sum.update(bytes.substr(3));
  return to_hex(sum.finish());
}

} // namespace

CAF_TEST(a number is decimal digits below two to the 63rd) {
  const auto largest = parse_number("Upload-Length", "9223372036854775807").value();
  CAF_CHECK_EQUAL(largest, 9223372036854775807U);
  CAF_CHECK(is_number("0"));
  for (const auto* text : {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "1.0", "9223372036854775808",
                           "18446744073709551616", "1,1"})
    CAF_CHECK(!is_number(text));
}

CAF_TEST(the file name is in the metadata) {
  const auto told = parse_metadata("relativePath bnVsbA==,filename YmVhY2guanBn,empty").value();
  CAF_CHECK_EQUAL(told.name, "beach.jpg");
  CAF_CHECK_EQUAL(told.modified_at, 0);
  CAF_CHECK_EQUAL(parse_metadata("name YmVhY2guanBn").value().name, "beach.jpg");
  CAF_CHECK_EQUAL(parse_metadata("").value().name, "");
}

CAF_TEST(the date of the file is in the metadata) {
  // 1795782245123, then 1795782245 beside 2026-11-28T12:00:00Z, then "yesterday".
  const auto browsers = parse_metadata("lastModified MTc5NTc4MjI0NTEyMw==").value();
  CAF_CHECK_EQUAL(browsers.modified_at, 1'795'782'245'123);
  CAF_CHECK_EQUAL(parse_metadata("mtime MTc5NTc4MjI0NQ==").value().modified_at, 1'795'782'245'000);
  const auto both =
    parse_metadata("mtime MTc5NTc4MjI0NQ==,lastModified MjAyNi0xMS0yOFQxMjowMDowMFo=");
  CAF_CHECK_EQUAL(both.value().modified_at, 1'795'867'200'000);
  CAF_CHECK_EQUAL(parse_metadata("mtime eWVzdGVyZGF5").value().modified_at, 0);
}

CAF_TEST(malformed metadata is refused) {
  for (const auto* text : {"filename YmVhY2guanBn,", ",filename YmVhY2guanBn", "filename ###",
                           "a YQ==,a YQ==", "a YQ== YQ==", " ,", "a YQ==;b=:YQ=="})
    CAF_CHECK(!parse_metadata(text));
}

CAF_TEST(a checksum has a known algorithm and a digest of its size) {
  const auto sum = parse_checksum("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=").value();
  CAF_CHECK(sum.how == checksum_algorithm::sha1);
  CAF_CHECK_EQUAL(sum.digest.size(), 20U);
  for (const auto* text : {"", "sha1", "sha1 ", "sha1 AAAA", "sha3 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
                           "SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "crc32 ####"})
    CAF_CHECK(!parse_checksum(text));
}

// The digests are those of sha1sum, sha256sum, sha512sum, md5sum and zlib's crc32().
CAF_TEST(every named algorithm gives the digest that others give) {
  CAF_CHECK_EQUAL(hex_of(checksum_algorithm::sha1, "123456789"),
                  "f7c3bc1d808e04732adf679965ccc34ca7ae3441");
  CAF_CHECK_EQUAL(hex_of(checksum_algorithm::sha256, "123456789"),
                  "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
  CAF_CHECK_EQUAL(hex_of(checksum_algorithm::md5, "123456789"), "25f9e794323b453885f5181f1b624d0b");
  CAF_CHECK_EQUAL(hex_of(checksum_algorithm::crc32, "123456789"), "cbf43926");
  CAF_CHECK_EQUAL(hex_of(checksum_algorithm::sha512, "123456789").substr(0, 16),
                  "d9e6762dd1c8eaf6");
}

CAF_TEST(a final upload names its parts by path or by URL) {
  const auto concat =
    parse_concat("final;/v1/files/" + id_b + " https://media.example/v1/files/" + id_a, 2).value();
  const std::vector<std::string> expected{id_b, id_a};
  CAF_CHECK(!concat.is_partial);
  CAF_CHECK_EQUAL(concat.parts, expected);
  const auto partial = parse_concat("partial", 2).value();
  CAF_CHECK(partial.is_partial);
}

CAF_TEST(a final upload may name the same part several times) {
  const auto a = "/v1/files/" + id_a;
  const auto concat = parse_concat("final;" + a + " /v1/files/" + id_b + " " + a, 3).value();
  const std::vector<std::string> expected{id_a, id_b, id_a};
  CAF_CHECK_EQUAL(concat.parts, expected);
}

CAF_TEST(a final upload of nothing or of strangers or of too many parts is refused) {
  const auto a = "/v1/files/" + id_a;
  const auto b = "/v1/files/" + id_b;
  for (const auto& text :
       {std::string{}, std::string{"final;"}, std::string{"final"}, std::string{"PARTIAL"},
        std::string{"final;/v1/files/../x"}, "final;" + a + "/content", "final;ftp://x" + a})
    CAF_CHECK(!parse_concat(text, 10));
  CAF_CHECK(parse_concat("final;" + a + " " + b, 2));
  CAF_CHECK(!parse_concat("final;" + a + " " + b, 1));
  CAF_CHECK(!parse_concat("final;" + a + " " + a, 1));
}
