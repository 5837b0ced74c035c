#pragma once

#include "net/http/exchange.hpp"

/// The folders of users: `/v1/folders`.
namespace mediad::net::folders {

/// All folders that the caller sees, or those in one: the parameter `parent` is its id, or `root`.
asio::awaitable<void> list_folders(exchange& x);
asio::awaitable<void> send_folder(exchange& x);

/// Makes a folder by its name, or all folders of a path that are missing.
asio::awaitable<void> make_folder(exchange& x);
/// Gives a folder another name, or another place, or both.
asio::awaitable<void> change_folder(exchange& x);
/// Removes a folder; with `recursive` all that is in it, first.
asio::awaitable<void> remove_folder(exchange& x);

/// Says who else may see a folder of the caller's, and what they may do there.
asio::awaitable<void> set_grants(exchange& x);

/// Takes a body as the file that the address names, in the folder that it names: what `curl -T`
/// sends. Folders that are missing are made.
asio::awaitable<void> put_file(exchange& x);

} // namespace mediad::net::folders
