#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/exchange.hpp"
#include "net/staging_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mediad::net {

/// One file whose bytes are arriving: its record, its bytes in staging, and word of both to who
/// listens. Unless release() is called, the record and the bytes are dropped with it.
class incoming_file {
public:
  /// @param length  how many bytes will come, if that is known.
  static boost::asio::awaitable<result<incoming_file>> begin(exchange& x, std::string name,
                                                             std::optional<std::uint64_t> length);

  incoming_file(incoming_file&& other) noexcept;
  incoming_file& operator=(incoming_file&&) = delete;
  ~incoming_file();

  const std::string& id() const {
    return id_;
  }
  /// Where the next bytes may be put; never empty.
  boost::asio::awaitable<result<std::span<char>>> room();
  /// @param n  bytes of room() that were filled.
  /// @returns errc::too_large if the file is over the limit.
  result<> filled(std::size_t n);
  boost::asio::awaitable<result<>> append(std::string_view bytes);
  /// The whole file has come: syncs it.
  boost::asio::awaitable<result<received_body>> finish();
  /// The file was handed over.
  void release();

private:
  incoming_file(exchange& x, std::string id, staging_file file,
                std::optional<std::uint64_t> length);
  void tell();

  services& shared_;
  std::string user_;
  std::string id_; ///< Empty once released or moved from.
  staging_file file_;
  std::optional<std::uint64_t> length_;
  std::uint64_t bytes_ = 0;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

} // namespace mediad::net
