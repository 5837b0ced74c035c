#pragma once

#include "base/error.hpp"
#include "base/upload.hpp"
#include "net/http/exchange.hpp"

#include <string>
#include <string_view>

/// What tus answers have in common. `Tus-Resumable` is in every answer to a request that has it.
namespace mediad::net {

/// The answer to a request of another version, or of none, if it is one.
std::optional<answer> wrong_tus_version(const exchange& x);
/// The answer to a body of another type than appends have, if it has one.
std::optional<answer> wrong_tus_body(const exchange& x);

/// What was refused, from an error whose detail is fit for the client if it is bad_request.
answer make_tus_refusal(const exchange& x, const error& e);

/// How far it is, and until when the client may go on.
void set_tus_progress(answer& a, const upload_state& s);

/// The user's upload that the request is for.
/// @returns errc::not_found.
result<upload_state> find_tus_upload(const exchange& x);
/// Nobody came back for it in time.
bool is_expired(const upload_state& s);

} // namespace mediad::net
