#pragma once

#include "net/http/json_body.hpp"
#include "net/people/items.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>

/// What the body of a request says that makes or changes something of people's.
namespace mediad::net::people {

/// Reads the body, if the caller may do so at all.
/// @param missing  why the caller may not; nothing: the caller may.
/// @param read     gives errc::bad_request with a sentence for the client, or another error.
/// @returns nothing if the answer has been sent.
template <class Wanted>
asio::awaitable<std::optional<Wanted>>
take_wanted(exchange& x, std::optional<problem> missing,
            std::function<result<Wanted>(const nlohmann::json&)> read) {
  const std::optional<Wanted> answered;
  if (missing) {
    co_await x.send_problem(*missing);
    co_return answered;
  }
  const auto body = co_await read_json(x);
  if (!body)
    co_return answered;
  auto wanted = read(*body);
  if (!wanted) {
    if (wanted.error().code == errc::bad_request)
      co_await refuse_body(x, wanted.error().detail);
    else
      co_await x.send_problem(wanted.error());
    co_return answered;
  }
  co_return std::optional{*std::move(wanted)};
}

/// Replaces a new password by its hash.
/// @returns false if the answer has been sent.
asio::awaitable<bool> hash_wanted(exchange& x, std::string& password);

} // namespace mediad::net::people
