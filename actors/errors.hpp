#pragma once

#include "actors/protocol.hpp"

#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

/// The one place where mediad::error becomes caf::error and back.
namespace mediad {

caf::error to_caf(const error& e);

/// Anything CAF itself reports (dead receiver, full mailbox) becomes errc::internal; its request
/// timeout becomes errc::timeout.
error from_caf(const caf::error& e);

/// Ends a message handler: `return reply(catalog.find(id));`
template <class T>
caf::result<T> reply(result<T>&& r) {
  if (r)
    return std::move(*r);
  return to_caf(r.error());
}

} // namespace mediad
