#include "net/tus/answers.hpp"

#include "base/clock.hpp"
#include "net/http/guest_path.hpp"
#include "net/tus/headers.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/admission.hpp"

#include <boost/beast/core/string.hpp>

namespace mediad::net::tus {

namespace {

constexpr std::string_view extensions = "creation,creation-with-upload,creation-defer-length,"
                                        "expiration,checksum,checksum-trailer,termination,"
                                        "concatenation";
/// Those that would tell guests of other uploads are not for them (net/shares/guest_uploads).
constexpr std::string_view extensions_for_guests =
  "creation,creation-with-upload,expiration,checksum,checksum-trailer";

beast::string_view text(std::string_view s) {
  return {s.data(), s.size()};
}

} // namespace

bool is_spoken(const exchange& x) {
  return x.request().find("Tus-Resumable") != x.request().end();
}

void describe(const exchange& x, answer& a) {
  a.set("Tus-Resumable", text(version));
  a.set("Tus-Version", text(version));
  a.set("Tus-Extension", text(is_of_share(x) ? extensions_for_guests : extensions));
  a.set("Tus-Max-Size", std::to_string(uploads::max_file_bytes(x)));
  a.set("Tus-Checksum-Algorithm", text(checksum_algorithm_names));
}

std::optional<answer> refuse_version(const exchange& x) {
  if (x.field("Tus-Resumable") == version)
    return std::nullopt;
  auto a =
    x.make_problem(unknown_protocol, is_spoken(x) ? "`Tus-Resumable` must be 1.0.0 here." : "");
  a.set("Tus-Resumable", text(version));
  a.set("Tus-Version", text(version));
  return a;
}

std::optional<answer> refuse_body_type(const exchange& x) {
  const auto type = x.field("Content-Type").value_or("");
  if (beast::iequals(type, "application/offset+octet-stream"))
    return std::nullopt;
  return x.make_problem(problem_of(errc::unsupported_media),
                        "The body's type must be application/offset+octet-stream.");
}

void set_progress(answer& a, const upload_state& s) {
  a.set("Upload-Offset", std::to_string(s.offset));
  if (s.expires_at != 0 && !s.complete)
    a.set("Upload-Expires", to_http_date(s.expires_at));
}

bool is_expired(const upload_state& s) {
  return s.expires_at != 0 && !s.complete && s.expires_at < now_ms();
}

} // namespace mediad::net::tus
