#pragma once

#include "base/error.hpp"
#include "net/services.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace mediad::net {

/// The bytes of a body on their way to disk. While the socket fills one buffer, earlier ones are
/// hashed and written on the disk threads: the I/O thread never waits for a disk. Dropping it
/// abandons the file, which stays where it is.
class staging_file {
public:
  struct written {
    std::uint64_t bytes = 0;
    std::string sha256; ///< Lower-case hex.
  };

  /// @param io      the connection's executor: everything below is called there.
  /// @param file    exists, and is empty.
  /// @param length  how many bytes will come, if that is known: their room on the disk is reserved.
  staging_file(services& shared, boost::asio::any_io_executor io, std::filesystem::path file,
               std::optional<std::uint64_t> length);
  staging_file(staging_file&&) noexcept;
  staging_file& operator=(staging_file&&) noexcept;
  ~staging_file();

  /// Where the next bytes go, never empty; waits while all buffers are on their way to disk.
  /// @returns errc::storage_full, errc::storage_io if an earlier write failed.
  boost::asio::awaitable<result<std::span<char>>> room();
  /// @param n  bytes of room() that were filled.
  void filled(std::size_t n);
  /// Writes what is left and syncs; the bytes survive a power cut then. Once only.
  boost::asio::awaitable<result<written>> finish();

private:
  struct ring;
  std::shared_ptr<ring> ring_;
};

} // namespace mediad::net
