#include "net/events/messages.hpp"

#include "base/ulid.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace mediad::net::events {
namespace {

using json = nlohmann::json;

std::string text_of(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string{};
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

std::optional<std::string> parse_auth(std::string_view text) {
  const auto value = json::parse(text, nullptr, false);
  if (!value.is_object() || text_of(value, "type") != "auth")
    return std::nullopt;
  auto token = text_of(value, "token");
  return token.empty() ? std::nullopt : std::optional{std::move(token)};
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
    return fail(errc::bad_request, std::string{last_event_id ? "`Last-Event-ID`" : "`since`"}
                                     + " must be the number of an event.");
  number = value;
  return number;
}

} // namespace mediad::net::events
