#pragma once

#include "base/account.hpp"
#include "net/access/credentials.hpp"
#include "net/http/exchange.hpp"
#include "net/people/proof.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

/// What the lists of people's things share.
namespace mediad::net::people {

/// The words of the rights, as a list.
nlohmann::ordered_json words_of(rights some);

/// Why a change of users or credentials was refused, in the storage's words where a client can use
/// them.
asio::awaitable<void> send_refusal(exchange& x, error why);

/// Too many wrong passwords came: the client is to try again after @p wait (429).
asio::awaitable<void> send_guessing(exchange& x, std::chrono::seconds wait);

/// Why the password desk gave no answer: a password that may not be taken (400), or too many wait
/// (429).
asio::awaitable<void> send_desk_refusal(exchange& x, error why);

/// Sends the caller's own credentials of one kind as a list.
/// A token sees none of them: a thief of one learns nothing of its user's other devices.
asio::awaitable<void> send_credentials(exchange& x, credential_kind kind);

/// Ends the caller's credential that the path names, and what goes on by it.
asio::awaitable<void> end_credential(exchange& x, credential_kind kind);

/// Ends what goes on by credentials that count no more, but for the request itself: its answer must
/// still reach the client, also if the caller has just signed out.
void end_all_but_this(exchange& x);

/// Where the browser that asks sends its cookie.
cookie_place place_of_cookie(const exchange& x);

/// When something ends that the caller makes now, to last for so many seconds: no later than the
/// token by which it is made.
unix_ms end_of_made(const exchange& x, std::uint64_t seconds);

/// An id that may be empty, which is null then.
nlohmann::ordered_json id_or_null(const std::string& id);

/// A time that may be unknown, which is null then.
nlohmann::ordered_json time_or_null(unix_ms t);

} // namespace mediad::net::people
