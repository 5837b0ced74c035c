#pragma once

#include "net/http/exchange.hpp"

/// Files and their tags, as lists in pages.
namespace mediad::net {

/// `GET /v1/files`, newest first unless `sort` and `order` say otherwise.
asio::awaitable<void> send_list(exchange& x);

/// `GET /v1/tags`, each with the number of files that have it.
asio::awaitable<void> send_tags(exchange& x);

} // namespace mediad::net
