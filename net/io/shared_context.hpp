#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/query.hpp>

#include <memory>

namespace mediad::net {

/// An io_context that other threads may post to without knowing whether the server still runs: as
/// long as a thread holds hold_context() of one of its executors, the context lives.
std::shared_ptr<boost::asio::io_context> make_shared_context();

/// Null for the executor of any other context: then its owner must see to it.
std::shared_ptr<void> hold_context(const boost::asio::any_io_executor& executor);

} // namespace mediad::net
