#pragma once

#include "base/error.hpp"
#include "base/upload.hpp"
#include "net/http/exchange.hpp"

#include <string>
#include <string_view>

/// What tus answers have in common. `Tus-Resumable` is in every answer to a request that has it.
namespace mediad::net::tus {

/// The answer to a request that names another version of tus, or none; nothing if it names ours.
std::optional<answer> refuse_version(const exchange& x);
/// The answer to a body that has another type than tus appends have; nothing if the type is right.
std::optional<answer> refuse_body_type(const exchange& x);

/// Sets Upload-Offset, and Upload-Expires if the client may still go on.
void set_progress(answer& a, const upload_state& s);

/// No client added to the upload in time.
bool is_expired(const upload_state& s);

} // namespace mediad::net::tus
