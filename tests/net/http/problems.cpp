#define CAF_SUITE net_http_problems

#include "net/http/problems.hpp"

#include <nlohmann/json.hpp>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;

CAF_TEST(every errc has a row of its own with its own name as code) {
  for (auto i = static_cast<std::uint8_t>(errc::bad_request);
       i <= static_cast<std::uint8_t>(errc::internal); ++i) {
    const auto code = static_cast<errc>(i);
    const std::string told{net::problem_of(code).code};
    CAF_CHECK_EQUAL(told, to_string(code));
  }
}

CAF_TEST(what a client may try again later says when) {
  for (const auto code : {errc::busy, errc::timeout, errc::storage_full}) {
    const auto after = net::problem_of(code).retry_after_s;
    CAF_CHECK(after > 0);
  }
}

CAF_TEST(a problem document has the members of RFC 9457 and a stable code) {
  const auto doc = nlohmann::json::parse(net::problem_json(net::problem_of(errc::too_large)));
  const auto expected = nlohmann::json::parse(R"({"type":"about:blank","status":413,
    "title":"Payload Too Large","code":"too_large",
    "detail":"The upload is larger than this server accepts."})");
  CAF_CHECK(doc == expected);
}

CAF_TEST(a detail that is not UTF8 still makes a document) {
  const auto doc = nlohmann::json::parse(
    net::problem_json(net::problem_of(errc::bad_request), "name \xFF is odd"));
  const auto detail = doc["detail"].get<std::string>();
  CAF_CHECK_EQUAL(detail, "name \xEF\xBF\xBD is odd");
}
