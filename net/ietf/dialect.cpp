#include "net/ietf/dialect.hpp"

#include "net/fields/structured.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace mediad::net::ietf {

namespace {

using json = nlohmann::ordered_json;

beast::string_view text_of(std::string_view text) {
  return {text.data(), text.size()};
}

answer typed_problem(const exchange& x, const problem& p, std::string_view type, json members) {
  auto a = x.make_problem(p);
  auto body = json::parse(a.body());
  body["type"] = "https://iana.org/assignments/http-problem-types#" + std::string{type};
  body.update(members);
  a.body() = body.dump();
  return a;
}

} // namespace

std::optional<dialect> dialect::of(const exchange& x) {
  const auto field = x.field("Upload-Draft-Interop-Version");
  if (!field)
    return dialect{0};
  const auto version = fields::parse_count(field);
  if (!version || *version < oldest || *version > newest)
    return std::nullopt;
  return dialect{static_cast<unsigned>(*version)};
}

std::optional<bool> dialect::completes(const exchange& x) const {
  if (!says_incomplete())
    return fields::parse_boolean(x.field("Upload-Complete"));
  const auto incomplete = fields::parse_boolean(x.field("Upload-Incomplete"));
  return incomplete ? std::optional{!*incomplete} : std::nullopt;
}

void dialect::set_complete(http::fields& fields, bool complete) const {
  if (says_incomplete())
    fields.set("Upload-Incomplete", text_of(fields::to_text(!complete)));
  else
    fields.set("Upload-Complete", text_of(fields::to_text(complete)));
}

void dialect::set_state(http::fields& fields, std::uint64_t offset, bool complete) const {
  fields.set("Upload-Offset", std::to_string(offset));
  set_complete(fields, complete);
  if (version_ != 0)
    fields.set("Upload-Draft-Interop-Version", std::to_string(version_));
}

bool is_proxied(const exchange& x) {
  static constexpr std::array signs{"Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
                                    "X-Forwarded-Proto"};
  return std::any_of(signs.begin(), signs.end(),
                     [&x](const char* name) { return x.field(name).has_value(); });
}

std::string limits(const settings& s, unix_ms expires_at) {
  auto out = "max-size=" + std::to_string(s.max_file_bytes) + ", min-size=0";
  if (expires_at != 0) {
    const auto left = std::max<unix_ms>(expires_at - now_ms(), 0) / 1'000;
    out += ", max-age=" + std::to_string(left);
  }
  return out;
}

answer mismatching_offset(const exchange& x, std::uint64_t expected, std::uint64_t provided) {
  static constexpr problem p{409, "mismatching_upload_offset",
                             "The upload goes on at another offset."};
  return typed_problem(x, p, "mismatching-upload-offset",
                       {{"expected-offset", expected}, {"provided-offset", provided}});
}

answer completed_upload(const exchange& x) {
  static constexpr problem p{400, "completed_upload",
                             "The upload is complete: nothing can be added."};
  return typed_problem(x, p, "completed-upload", json::object());
}

answer inconsistent_length(const exchange& x) {
  static constexpr problem p{400, "inconsistent_upload_length",
                             "The upload's length is another than was said before."};
  return typed_problem(x, p, "inconsistent-upload-length", json::object());
}

} // namespace mediad::net::ietf
