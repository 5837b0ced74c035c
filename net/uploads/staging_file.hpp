#pragma once

#include "base/error.hpp"
#include "net/backend/services.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace mediad::net::uploads {

/// The bytes of a body on their way to disk. While the socket fills one buffer, earlier ones are
/// hashed and written on the disk threads: the I/O thread never waits for a disk. Dropping it
/// abandons the file, which stays where it is.
class staging_file {
public:
  /// Bytes that would survive a power cut.
  struct written {
    std::uint64_t bytes = 0;
    std::string hash; ///< sha256::save() of them.
  };

  /// What is written, and from where on.
  struct plan {
    std::filesystem::path file;          ///< Exists; what it holds beyond start.bytes is cut off.
    std::optional<std::uint64_t> length; ///< Length of the whole, if known: its room is reserved.
    written start;
    /// Called on a disk thread, in order, for each piece that has been written; may be empty.
    std::function<void(std::uint64_t from, std::uint64_t to)> grown;
    std::shared_ptr<void> kept; ///< Released once no thread uses the file any more.
  };

  /// @param io  the connection's executor: everything below is called there.
  staging_file(services& shared, boost::asio::any_io_executor io, plan what);
  staging_file(staging_file&&) noexcept;
  staging_file& operator=(staging_file&&) noexcept;
  ~staging_file();

  /// Where the next bytes go, never empty; waits while all buffers are on their way to disk.
  /// @returns errc::storage_full, errc::storage_io if an earlier write failed.
  boost::asio::awaitable<result<std::span<char>>> room();
  /// @param n  bytes of room() that were filled.
  void filled(std::size_t n);
  /// Nothing comes for now: sends what was filled on its way and gives the memory back.
  void release_buffers();
  /// Writes what was filled so far and syncs it. More may follow.
  boost::asio::awaitable<result<written>> save();

private:
  struct ring;
  std::shared_ptr<ring> ring_;
};

} // namespace mediad::net::uploads
