#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "base/upload.hpp"
#include "net/http/exchange.hpp"
#include "net/io/upload_turns.hpp"
#include "net/uploads/staging_file.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mediad::net::uploads {

/// One upload whose bytes are arriving, whichever door they come through: its record, its bytes in
/// staging, and progress events about both. Holding this object is the exclusive right to write to
/// the upload.
///
/// Unless release() is called it ends with its object: one that cannot be resumed is dropped, of
/// any other everything up to the last save() is kept.
class incoming_file {
public:
  /// A new upload, as begun_by() makes it.
  static boost::asio::awaitable<result<incoming_file>> begin(exchange& x,
                                                             storage::new_upload wanted);
  /// Takes a resumable upload over from the request that writes to it now.
  /// @returns errc::not_found also for another user's; errc::busy if that request does not let go.
  static boost::asio::awaitable<result<incoming_file>> resume(exchange& x, std::string id);

  incoming_file(incoming_file&& other) noexcept;
  incoming_file& operator=(incoming_file&&) = delete;
  ~incoming_file();

  const std::string& id() const {
    return state_.id;
  }
  /// The state as it was last saved.
  const upload_state& state() const {
    return state_;
  }
  /// All bytes that have come, saved or not.
  std::uint64_t bytes() const {
    return bytes_;
  }
  /// Nothing is missing: call finish(), unless it is to stay_open().
  bool is_whole() const {
    return bytes_ == state_.length;
  }
  /// The length of the whole file, once it is known.
  std::optional<std::uint64_t> wanted_length() const {
    return state_.has_length() ? std::optional{state_.length} : std::nullopt;
  }
  /// Raised when a newer request wants it.
  stop_signal& taken_over() {
    return turn_->taken_over;
  }

  /// Its length has become known. Saved with the next save().
  /// @returns errc::conflict if another was known, too_large if it is over the limit.
  result<> set_length(std::uint64_t length);

  /// Its client will say by itself when it is complete: save() makes all bytes durable, even if
  /// none is missing.
  void stay_open() {
    stays_open_ = true;
  }

  /// What its client says the whole is, as the hex of its SHA-256: finish() checks it.
  void expect(std::string sha256) {
    state_.wanted_sha256 = std::move(sha256);
  }

  /// Where the next bytes may be put; never empty. Saves what has come now and then.
  boost::asio::awaitable<result<std::span<char>>> room();
  /// @param n  bytes of room() that were filled.
  /// @returns errc::too_large if the file is over the limit, or over its own length.
  result<> filled(std::size_t n);
  boost::asio::awaitable<result<>> append(std::string_view bytes);
  /// Call it when nothing comes for a while: holds no memory until the next call of room().
  void release_buffers() {
    file_.release_buffers();
  }

  /// The bytes from here on may yet prove wrong: none of them is saved before the next save().
  void distrust() {
    trusted_ = false;
  }
  bool is_trusted() const {
    return trusted_;
  }
  /// Makes everything that has come durable: state() says so then, and a restart would, too.
  boost::asio::awaitable<result<>> save();
  /// The whole file has come: syncs it.
  /// @returns errc::digest_mismatch if it is not what the client said it would be.
  boost::asio::awaitable<result<received_body>> finish();
  /// The file was handed over.
  void release();
  /// It is given up: nothing of it is kept.
  void remove();

private:
  incoming_file(exchange& x, upload_state state, upload_turns::turn turn, staging_file file);
  static boost::asio::awaitable<result<incoming_file>> begin_now(exchange& x,
                                                                 storage::new_upload& wanted);
  static boost::asio::awaitable<result<incoming_file>> open(exchange& x, upload_state state,
                                                            upload_turns::turn turn);
  void tell();

  services& shared_;
  std::uint64_t limit_; ///< Bytes that the file may have.
  upload_state state_;  ///< Without an id once released or moved from.
  upload_turns::turn turn_;
  staging_file file_;
  std::uint64_t bytes_;
  bool resumable_ = true;
  bool trusted_ = true;
  bool stays_open_ = false;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point saved_ = told_;
};

} // namespace mediad::net::uploads
