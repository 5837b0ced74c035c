#pragma once

#include "actors/protocol.hpp"
#include "net/http/body_reader.hpp"
#include "net/http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <memory>
#include <optional>

namespace mediad::net::uploads {

/// A body that is read whole before anything is done with it: one job of one disk thread makes its
/// file, hashes, writes and syncs it. Its record is made by its arrival, in one change.
///
/// Unless release() is called its file is removed with the object.
class small_file {
public:
  /// Memory for a body of this request.
  /// @returns nothing if its length is not declared or above options().in_memory_below, or if
  ///          uploads have taken up all of their memory: incoming_file it is.
  static std::optional<small_file> begin(exchange& x);

  small_file(small_file&&) noexcept;
  small_file& operator=(small_file&&) = delete;
  ~small_file();

  /// Reads the body and stores it.
  /// @param wanted  terms.wanted_sha256 is checked.
  /// @returns the errors of body_reader::read(); digest_mismatch, storage_full, storage_io.
  boost::asio::awaitable<result<received_body>> take(body_reader& reader,
                                                     storage::new_upload wanted);
  /// The file was handed over.
  void release();

private:
  struct job;
  small_file(exchange& x, std::shared_ptr<job> work);

  exchange& x_;
  std::shared_ptr<job> job_; ///< Null once released or moved from.
};

} // namespace mediad::net::uploads
