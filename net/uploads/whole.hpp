#pragma once

#include "base/record.hpp"
#include "net/http/exchange.hpp"

#include <vector>

namespace mediad::net::uploads {

/// `POST /v1/files`: one file as the raw body, or any number as `multipart/form-data`. All files of
/// a request are taken, or none. The answer waits up to options().preview_wait for the previews.
/// Digests are checked (RFC 9530), and a repeated `Idempotency-Key` gives the first answer again.
asio::awaitable<void> create_whole(exchange& x);

/// 201 with what was registered: a record, or `{"files":[…]}` of several.
answer make_created(const exchange& x, const std::vector<file_record>& records);

} // namespace mediad::net::uploads
