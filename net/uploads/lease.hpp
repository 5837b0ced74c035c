#pragma once

#include "base/clock.hpp"
#include "net/backend/services.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace mediad::net::uploads {

/// When an upload may be swept away if no client adds to it from now on.
unix_ms upload_expiry(const settings& s);

/// Keeps a resumable upload, and the parts it is put together from, from expiring while a request
/// or a join works on it, even if for long nothing of it becomes durable: bytes may come slowly, or
/// be kept only once their digest has proved right. Ends with its object.
class lease {
public:
  /// @param io  of the thread that it lives and ends on.
  lease(services& shared, const boost::asio::any_io_executor& io, std::string id);
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  ~lease();

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace mediad::net::uploads
