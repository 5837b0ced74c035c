#pragma once

#include "base/clock.hpp"
#include "net/http/exchange.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Requests whose body is a small JSON object.
namespace mediad::net {

/// Bytes of a usual body.
inline constexpr std::size_t max_json_bytes = std::size_t{16} << 10U;

/// Whether the request says that its body is `application/json`.
bool says_json(const exchange& x);

/// Reads the body of a request that must bring an object as `application/json`.
/// @returns nothing if it does not, or if the body has more than @p max_bytes or nests deeper than
///          16 levels; the answer that says so has been sent then.
asio::awaitable<std::optional<nlohmann::json>> read_json(exchange& x,
                                                         std::size_t max_bytes = max_json_bytes);

/// The same for a body that must be a list.
asio::awaitable<std::optional<nlohmann::json>> read_json_list(exchange& x);

/// A member that must be a text; an absent one, or null, is empty.
/// @returns errc::bad_request, with a sentence for the client, if it is something else.
result<std::string> text_of(const nlohmann::json& body, const char* member);

/// A member that must be a whole number from 1 to @p max; an absent one, or null, is @p fallback.
/// @param of  what it counts, in the sentence: `seconds`.
/// @returns errc::bad_request, with a sentence for the client, if it is something else.
result<std::uint64_t> number_of(const nlohmann::json& body, const char* member, const char* of,
                                std::uint64_t fallback, std::uint64_t max);

/// The member `expires_at`, a time to come (RFC 3339); 0 if it is absent or null: never.
/// @returns errc::bad_request, with a sentence for the client, if it is something else.
result<unix_ms> end_of(const nlohmann::json& body);

/// What the client got wrong in the body, in a sentence.
asio::awaitable<void> refuse_body(exchange& x, std::string sentence);

} // namespace mediad::net
