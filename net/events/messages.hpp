#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mediad::net::events {

/// What a WebSocket client may say.
struct client_message {
  enum class kind { subscribe, unsubscribe, ping };
  kind says = kind::ping;
  std::string file; ///< An id; empty for ping.
};

/// Reads one text frame; members it does not know are ignored.
/// @returns errc::bad_request for anything else than docs/asyncapi.json allows.
result<client_message> parse_client_message(std::string_view text);

/// The token that a first frame shows; nothing if it is no `{"type":"auth","token":…}`.
std::optional<std::string> parse_auth(std::string_view text);

// The frames that are not events.
std::string hello_frame(std::uint64_t newest, std::uint64_t oldest);
std::string gap_frame();
std::string pong_frame();
std::string error_frame(errc code);

/// Where a client that reconnects left off: `Last-Event-ID`, else the query's `since`.
/// @returns nothing without either; errc::bad_request for anything but decimal digits.
result<std::optional<std::uint64_t>> parse_since(std::optional<std::string_view> since,
                                                 std::optional<std::string_view> last_event_id);

} // namespace mediad::net::events
