#pragma once

#include "base/error.hpp"
#include "net/http/body_reader.hpp"
#include "net/http/exchange.hpp"
#include "net/uploads/incoming_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

/// How bytes of a body get into an upload, the same for every door.
namespace mediad::net::uploads {

/// How a request's body ended.
enum class body_end {
  whole,      ///< All of it came.
  lost,       ///< The client, or the connection to it, is gone, or sends nonsense.
  stalled,    ///< Too little came for too long.
  taken_over, ///< A newer request wants the upload.
  stopping,   ///< The server stops.
  refused,    ///< More bytes than are allowed.
  failed,     ///< The server could not keep them.
};

struct append_result {
  body_end how = body_end::whole;
  error why; ///< Unless it is whole, or something from outside ended it.
};

/// Who looks on while a body is read. Either function may be empty.
struct body_watch {
  std::function<void(std::string_view)> on_bytes; ///< Sees every byte.
  /// Called with the offset of what is durable each time that has become more.
  std::function<boost::asio::awaitable<void>(std::uint64_t)> on_saved;
};

/// Reads the rest of a body into an upload. At its end nothing is saved: the caller decides what is
/// kept.
/// @param outside   looked at between two reads; the reading ends, and gives this value, once it is
///                  no longer body_end::whole. Must outlive the call.
/// @param on_saved  that of a body_watch.
boost::asio::awaitable<append_result>
read_body(body_reader& reader, incoming_file& file, const body_end& outside,
          std::function<boost::asio::awaitable<void>(std::uint64_t)> on_saved = {});

/// Appends the request's body to a resumable upload, which does not expire meanwhile. Whatever ends
/// the body, every byte that came is saved: the client may go on from file.state().offset. Two
/// exceptions: while the file is distrusted only the caller saves, and a complete file is saved by
/// its arrival.
/// @param limit  bytes that may come.
boost::asio::awaitable<append_result> append_body(exchange& x, incoming_file& file,
                                                  std::uint64_t limit, body_watch watch);

/// The answer to a request that did not get its turn: 423 if another request writes and does not
/// let go, or if an even newer one wants the upload.
/// @param e  the error of upload_turns::take() or incoming_file::resume().
answer make_turn_refusal(const exchange& x, const error& e);

} // namespace mediad::net::uploads
