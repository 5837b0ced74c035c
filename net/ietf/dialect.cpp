#include "net/ietf/dialect.hpp"

#include "net/fields/field_value.hpp"
#include "net/fields/structured.hpp"
#include "net/uploads/admission.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

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
  const auto complete = fields::parse_boolean(x.field(complete_field()));
  return complete ? std::optional{*complete != says_incomplete()} : std::nullopt;
}

void dialect::set_complete(http::fields& fields, bool complete) const {
  fields.set(complete_field(), text_of(fields::to_text(complete != says_incomplete())));
}

void dialect::set_state(http::fields& fields, std::uint64_t offset, bool complete) const {
  fields.set("Upload-Offset", std::to_string(offset));
  set_complete(fields, complete);
  if (version_ != 0)
    fields.set("Upload-Draft-Interop-Version", std::to_string(version_));
}

std::string media_type(const exchange& x) {
  const auto parsed = fields::parse_field_value(x.field("Content-Type").value_or(""));
  return parsed ? parsed->value : std::string{};
}

std::string limits(const exchange& x, unix_ms expires_at) {
  auto out = "max-size=" + std::to_string(uploads::max_file_bytes(x)) + ", min-size=0";
  if (expires_at != 0) {
    const auto left = std::max<unix_ms>(expires_at - now_ms(), 0) / 1'000;
    out += ", max-age=" + std::to_string(left);
  }
  return out;
}

answer unknown_version(const exchange& x) {
  return x.make_problem(problem_of(errc::bad_request),
                        "`Upload-Draft-Interop-Version` must be 3 to 10, or absent.");
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
