#pragma once

#include "base/error.hpp"
#include "net/http/exchange.hpp"
#include "net/uploads/incoming_file.hpp"
#include "net/uploads/small_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

/// What every door does alike, from the last byte to the answer.
namespace mediad::net::uploads {

/// Hands whole files over, all or none, and gives them a moment, options().preview_wait, to get
/// their previews.
/// @param bodies  what finish() returned for each of @p files, in the same order.
/// @returns the registered records.
boost::asio::awaitable<result<std::vector<file_record>>>
hand_over(exchange& x, std::vector<incoming_file>& files, std::vector<received_body> bodies);

/// The same for a file that was read whole.
boost::asio::awaitable<result<std::vector<file_record>>> hand_over(exchange& x, small_file file,
                                                                   received_body body);

/// Calls finish() and hand_over() for one file. Removes a file that is not what was announced.
boost::asio::awaitable<result<file_record>> complete(exchange& x, incoming_file file);

} // namespace mediad::net::uploads
