#include "net/events/messages.hpp"

#include "base/ulid.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace mediad::net {
namespace {

using json = nlohmann::json;

std::string text_of(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string{};
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// A port that the scheme implies may be written or left out.
std::string without_port(std::string authority, std::string_view default_port) {
  if (authority.ends_with(default_port))
    authority.resize(authority.size() - default_port.size());
  return authority;
}

} // namespace

result<client_message> parse_client_message(std::string_view text) {
  const auto value = json::parse(text, nullptr, false);
  if (!value.is_object())
    return fail(errc::bad_request, "not a JSON object");
  client_message message;
  const auto type = text_of(value, "type");
  if (type == "ping")
    return message;
  if (type != "subscribe" && type != "unsubscribe")
    return fail(errc::bad_request, "unknown type");
  message.says =
    type == "subscribe" ? client_message::kind::subscribe : client_message::kind::unsubscribe;
  message.file = text_of(value, "file");
  if (!is_ulid(message.file))
    return fail(errc::bad_request, "file is no id");
  return message;
}

std::string hello_frame(std::uint64_t newest, std::uint64_t oldest) {
  return R"({"type":"hello","seq":)" + std::to_string(newest) + R"(,"oldest":)"
         + std::to_string(oldest) + "}";
}

std::string gap_frame() {
  return R"({"type":"gap"})";
}

std::string pong_frame() {
  return R"({"type":"pong"})";
}

std::string error_frame(errc code) {
  return R"({"type":"error","code":")" + to_string(code) + R"("})";
}

bool is_same_origin(std::optional<std::string_view> origin, std::string_view host) {
  if (!origin)
    return true;
  constexpr std::string_view plain = "http://";
  constexpr std::string_view secure = "https://"; // behind a proxy that ends TLS
  const auto given = lower(*origin);
  const auto expected = lower(host);
  if (given.starts_with(plain))
    return without_port(given.substr(plain.size()), ":80") == without_port(expected, ":80");
  if (given.starts_with(secure))
    return without_port(given.substr(secure.size()), ":443") == without_port(expected, ":443");
  return false;
}

result<std::optional<std::uint64_t>> parse_since(std::optional<std::string_view> since,
                                                 std::optional<std::string_view> last_event_id) {
  const auto text = last_event_id ? last_event_id : since;
  std::optional<std::uint64_t> number;
  if (!text)
    return number;
  std::uint64_t value = 0;
  const auto* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    return fail(errc::bad_request, "since is no event number");
  number = value;
  return number;
}

} // namespace mediad::net
