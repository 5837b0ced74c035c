#pragma once

#include "net/http/exchange.hpp"

#include <string>

/// The URLs of an upload and of the file that comes of it, which are the same for every door.
namespace mediad::net::uploads {

/// `/v1/files/{id}`, or for a guest `/s/{key}/files/{id}`, below the base path.
std::string location_of(const exchange& x, const std::string& id);

/// `Location`, and `Mediad-Progress-Id`. Behind a trusted proxy it is the address that the client
/// knows; otherwise a path, which is always right.
void set_location(const exchange& x, answer& a, const std::string& id);

/// The `Link` of a final answer to the record (RFC 8288, `describedby`), which no guest may read.
void set_described_by(const exchange& x, answer& a, const std::string& id);

} // namespace mediad::net::uploads
