#pragma once

#include "base/error.hpp"
#include "base/record.hpp"
#include "base/upload.hpp"
#include "net/access/ownership.hpp"
#include "net/http/exchange.hpp"

#include <optional>

/// What the `{id}` in a request's path means to the caller. Errors as of net/access/ownership.
namespace mediad::net {

/// @pre the route's pattern has an `{id}`, and it comes first.
result<file_record> find_asked_file(const exchange& x, in_trash trash = in_trash::hidden);

/// The same for what only shows the file: with `trash=1` also one in the trash, but never to
/// guests.
result<file_record> find_shown_file(const exchange& x);

/// Finds the same id as an upload.
result<upload_state> find_asked_upload(const exchange& x);

/// What is made of all files of a user is not for a credential that is for one folder.
/// @returns the answer to such a caller (403).
std::optional<answer> refuse_bounded(exchange& x);

/// The request is judged by the signature in its address alone: a GET or HEAD of bytes of a file,
/// with the parameter `signature`.
bool shows_signature(const exchange& x);

} // namespace mediad::net
