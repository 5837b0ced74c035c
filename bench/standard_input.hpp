#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <functional>
#include <unistd.h>
#include <utility>

namespace mediad::bench {

/// The parent process tells the program to end by closing its standard input, which must be a pipe,
/// a socket or a terminal.
class standard_input {
public:
  explicit standard_input(boost::asio::io_context& io) : input_{io, ::dup(STDIN_FILENO)} {}

  void on_end(std::function<void()> act) {
    input_.async_read_some(boost::asio::buffer(ignored_),
                           [this, act = std::move(act)](const auto& failed, std::size_t) mutable {
                             if (failed)
                               act();
                             else
                               on_end(std::move(act));
                           });
  }

private:
  boost::asio::posix::stream_descriptor input_;
  std::array<char, 64> ignored_{};
};

} // namespace mediad::bench
