#pragma once

#include "net/http/exchange.hpp"
#include "storage/changes.hpp"

#include <nlohmann/json_fwd.hpp>

/// What owners say of their files.
namespace mediad::net {

/// `PATCH /v1/files/{id}` with an object in JSON: another name, tags and the like.
asio::awaitable<void> change_record(exchange& x);

/// Reads what a body says of a file, without the file's id.
/// @returns errc::bad_request with a sentence for the client.
result<storage::file_change> read_change(const nlohmann::json& body);

/// Turns the folder that @p change names into one that the caller may put the file into; null means
/// the caller's root.
/// @returns errc::bad_request for any other folder; the errors of the view.
result<> place_change(const exchange& x, const file_record& record, storage::file_change& change);

/// Sends a record, with the `ETag` that names what its owner has said of it last.
asio::awaitable<void> send_file(exchange& x, result<file_record> record);

} // namespace mediad::net
