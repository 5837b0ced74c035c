#pragma once

#include "base/error.hpp"
#include "net/backend/services.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

/// Puts final uploads together: on the disk threads, slice by slice, so that a stopping server does
/// not wait for long. What was begun and not ended is done again from its parts, which go last.
namespace mediad::net::tus {

/// Joins one final upload, registers its file and removes the parts. One that can never be joined
/// is removed.
/// @returns errc::cancelled if the server stops or the upload is to be deleted.
boost::asio::awaitable<result<>> join(services& shared, std::string id);

/// Joins one after the other on the disk threads; returns at once.
void join_in_background(services& shared, std::vector<std::string> ids);

/// Takes up what an earlier process left.
void resume_joins(services& shared);

} // namespace mediad::net::tus
