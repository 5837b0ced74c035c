#pragma once

#include "base/error.hpp"
#include "net/http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>

/// A client that missed an answer sends its bytes again: whether they are the same ones is decided
/// by the bytes themselves.
namespace mediad::net::uploads {

/// How far a repeated body must, or may, reach into the bytes that came before.
enum class reach {
  to_the_end, ///< It brings all that follows its first byte, and no more.
  within,     ///< It may stop short.
  beyond,     ///< It may stop short or bring more; more is not compared.
};

/// What a repeated body is compared with.
struct earlier_bytes {
  storage::stored_file file;
  std::uint64_t from = 0; ///< Offset in it of the body's first byte.
  reach how_far = reach::to_the_end;
};

/// Opens the bytes of an upload that have come so far, whether or not it has become a file.
result<storage::stored_file> open_earlier(const exchange& x, const upload_state& state);

/// Reads the request's body, compares it with bytes that came before, and keeps nothing of it.
/// @param other  the answer to a body that brings other bytes.
/// @returns the answer to send unless they are the same; also if the body breaks off or stalls.
boost::asio::awaitable<std::optional<answer>> refuse_other_bytes(exchange& x, earlier_bytes earlier,
                                                                 answer other);

} // namespace mediad::net::uploads
