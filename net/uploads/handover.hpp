#pragma once

#include "base/error.hpp"
#include "net/http/exchange.hpp"
#include "net/uploads/incoming_file.hpp"
#include "net/uploads/small_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

/// From the last byte to the answer: the same for every door.
namespace mediad::net::uploads {

/// Hands whole files over, all or none, and gives them a moment, options().preview_wait, to get
/// their previews.
/// @param bodies  what finish() returned for each of @p files, in the same order.
/// @returns the registered records.
boost::asio::awaitable<result<std::vector<file_record>>>
hand_over(exchange& x, std::vector<incoming_file>& files, std::vector<received_body> bodies);

/// The same for one that was read whole.
boost::asio::awaitable<result<std::vector<file_record>>> hand_over(exchange& x, small_file file,
                                                                   received_body body);

/// finish() and hand_over() of one file. One that is not what was announced is removed.
boost::asio::awaitable<result<file_record>> complete(exchange& x, incoming_file file);

} // namespace mediad::net::uploads
