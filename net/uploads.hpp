#pragma once

#include "net/exchange.hpp"

namespace mediad::net {

/// `POST /v1/files`: one file as the raw body, or any number as `multipart/form-data`. All files of
/// a request are taken, or none. The answer waits up to options().preview_wait for the previews.
asio::awaitable<void> take_upload(exchange& x);

} // namespace mediad::net
