#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/query.hpp>

#include <memory>

namespace mediad::net {

/// An io_context that other threads may post to without knowing whether the server still runs:
/// whoever holds keep_alive() of one of its executors holds the context, too.
std::shared_ptr<boost::asio::io_context> make_shared_context();

/// Null for the executor of any other context: then its owner must see to it.
std::shared_ptr<void> keep_alive(const boost::asio::any_io_executor& executor);

} // namespace mediad::net
