#pragma once

#include "net/http/exchange.hpp"

/// Bytes of files, by GET and HEAD: with Range, conditional requests, and caching for as long as
/// they cannot change. Bytes go from the file to the socket in the kernel. What belongs to another
/// user, or is not there yet, is not found.
namespace mediad::net {

/// The original: `/v1/files/{id}/content`. What a browser shows without running it is shown, unless
/// the query says `download=1`; all else is a download.
asio::awaitable<void> deliver_content(exchange& x);

/// The small preview: `/v1/files/{id}/preview`.
asio::awaitable<void> deliver_preview(exchange& x);

/// One derived file: `/v1/files/{id}/renditions/{name}`.
asio::awaitable<void> deliver_rendition(exchange& x);

/// The ZIP: `/v1/files/{id}/archive`.
asio::awaitable<void> deliver_archive(exchange& x);

} // namespace mediad::net
