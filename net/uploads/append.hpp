#pragma once

#include "base/error.hpp"
#include "net/http/body_reader.hpp"
#include "net/http/exchange.hpp"
#include "net/uploads/incoming_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string_view>

/// What the doors for resumable uploads do alike.
namespace mediad::net {

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
  error why; ///< Of refused and failed.
};

/// Takes the request's body into the upload, at its end; the upload does not expire meanwhile.
/// Whatever stops it, every byte that came is saved: file.state().offset is what the client may go
/// on from. Except: a file that is distrusted is saved by nobody but the caller; and one that is
/// whole by its arrival.
/// @param limit   bytes that may come.
/// @param beside  sees every byte; may be null.
boost::asio::awaitable<append_result>
append_body(exchange& x, incoming_file& file, std::uint64_t limit,
            const std::function<void(std::string_view)>& beside);

/// Why nobody may write to the upload now: 423 if another request does and does not let go, or an
/// even newer one wants it.
/// @param e  of upload_turns::take() or incoming_file::resume().
answer make_turn_refusal(const exchange& x, const error& e);

} // namespace mediad::net
