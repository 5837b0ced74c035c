#pragma once

#include "net/ietf/dialect.hpp"
#include "net/uploads/incoming_file.hpp"

#include <cstdint>

/// Interim responses, 104 (Upload Resumption Supported). None is sent where a proxy could take it
/// for the answer, nor to a request that names no version: the drafts forbid it.
namespace mediad::net::ietf {

/// Tells where the upload can be gone on with, while its creation still runs.
/// @returns true if the client has been told.
asio::awaitable<bool> send_interim_location(exchange& x, dialect draft,
                                            const uploads::incoming_file& file);

/// Tells how many bytes a restart would find. Left out if the client has not yet taken all that it
/// was sent before: one that does not listen must not be able to hold its own upload up.
asio::awaitable<void> send_interim_offset(exchange& x, dialect draft, std::uint64_t offset);

} // namespace mediad::net::ietf
