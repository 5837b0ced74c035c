#include "net/http/json_body.hpp"

#include "net/fields/dates.hpp"
#include "net/fields/field_value.hpp"
#include "net/http/body_reader.hpp"

#include <utility>

namespace mediad::net {

namespace {

asio::awaitable<result<std::string>> read_small_body(exchange& x, body_reader& reader,
                                                     std::size_t max_bytes) {
  const auto over = fail(errc::too_large, "a JSON body over the limit");
  if (x.body().length > max_bytes)
    co_return over;
  std::string text(max_bytes + 1, '\0');
  std::size_t size = 0;
  for (;;) {
    const auto got = co_await reader.read({text.data() + size, text.size() - size});
    if (!got)
      co_return fail(got.error());
    size += *got;
    if (*got == 0)
      break;
    if (size > max_bytes)
      co_return over;
  }
  text.resize(size);
  co_return text;
}

/// @returns null if it is no JSON, or so deep that writing it again would need much of the stack.
nlohmann::json parse(const std::string& text) {
  constexpr int max_depth = 16;
  bool too_deep = false;
  const auto is_shallow = [&too_deep](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    too_deep = too_deep || depth > max_depth;
    return !too_deep;
  };
  auto parsed = nlohmann::json::parse(text, is_shallow, false);
  return too_deep ? nlohmann::json(nullptr) : parsed;
}

} // namespace

bool says_json(const exchange& x) {
  const auto type = fields::parse_field_value(x.field("Content-Type").value_or(""));
  return type && type->value == "application/json";
}

namespace {

/// @param is_right  whether the body is of the wanted kind.
/// @param sentence  says to the client which that is.
asio::awaitable<std::optional<nlohmann::json>> read_kind(exchange& x, std::size_t max_bytes,
                                                         bool (nlohmann::json::*is_right)() const,
                                                         const char* sentence) {
  const std::optional<nlohmann::json> answered;
  if (!says_json(x)) {
    co_await x.send_problem(problem_of(errc::unsupported_media),
                            "This is sent as application/json.");
    co_return answered;
  }
  body_reader reader{x, max_bytes};
  const auto text = co_await read_small_body(x, reader, max_bytes);
  if (!text && reader.timed_out()) {
    co_await x.send_problem(request_timeout);
    co_return answered;
  }
  if (!text) {
    co_await x.send_problem(text.error());
    co_return answered;
  }
  auto body = parse(*text);
  if (!(body.*is_right)()) {
    co_await refuse_body(x, sentence);
    co_return answered;
  }
  co_return std::optional{std::move(body)};
}

} // namespace

asio::awaitable<std::optional<nlohmann::json>> read_json(exchange& x, std::size_t max_bytes) {
  return read_kind(x, max_bytes, &nlohmann::json::is_object, "The body must be an object in JSON.");
}

asio::awaitable<std::optional<nlohmann::json>> read_json_list(exchange& x) {
  return read_kind(x, max_json_bytes, &nlohmann::json::is_array,
                   "The body must be a list in JSON.");
}

result<std::string> text_of(const nlohmann::json& body, const char* member) {
  const auto found = body.find(member);
  if (found == body.end() || found->is_null())
    return std::string{};
  if (found->is_string())
    return found->get<std::string>();
  return fail(errc::bad_request, '`' + std::string{member} + "` must be a text.");
}

result<std::uint64_t> number_of(const nlohmann::json& body, const char* member, const char* of,
                                std::uint64_t fallback, std::uint64_t max) {
  const auto found = body.find(member);
  if (found == body.end() || found->is_null())
    return fallback;
  const auto n = found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
  if (n >= 1 && n <= max)
    return n;
  return fail(errc::bad_request, '`' + std::string{member} + "` must be a whole number of " + of
                                   + " from 1 to " + std::to_string(max) + '.');
}

result<unix_ms> end_of(const nlohmann::json& body) {
  const auto text = text_of(body, "expires_at");
  if (!text)
    return fail(text.error());
  if (text->empty())
    return unix_ms{0};
  const auto at = fields::parse_rfc3339(*text);
  if (!at || *at <= now_ms())
    return fail(errc::bad_request, "`expires_at` must be a time to come, as 2030-01-31T12:00:00Z.");
  return *at;
}

asio::awaitable<void> refuse_body(exchange& x, std::string sentence) {
  co_await x.send_problem(problem_of(errc::bad_request), std::move(sentence));
}

} // namespace mediad::net
