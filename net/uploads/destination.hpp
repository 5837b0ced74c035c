#pragma once

#include "net/access/folder_access.hpp"
#include "net/http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Into which folder files are sent, and folders that are made on the way there.
namespace mediad::net::uploads {

/// The answer to a folder that cannot be made, changed or reached.
/// @param why  its detail is shown if it is bad_request, conflict or too_large: these are the
///             storage's.
answer make_folder_refusal(const exchange& x, error why);

/// A folder that is there now.
struct reached_folder {
  std::string id;
  bool is_new = false;
};

/// Goes from a folder of @p from down by names, and makes what is missing.
/// @param names  may be empty.
/// @returns the errors of storage::new_folder; conflict if a file has one of the names.
boost::asio::awaitable<result<reached_folder>> reach_folder(exchange& x, destination from,
                                                            std::vector<std::string> names);

/// Sends the files of this request into a folder.
/// @param names      of the folders on the way from the caller's root, or from the folder that the
///                   first of them is the id of; folders that are missing are made.
/// @param file_name  of the one file that the body is; empty: the body says it.
/// @returns the answer to send if that cannot be.
boost::asio::awaitable<std::optional<answer>>
send_to_path(exchange& x, std::vector<std::string> names, std::string file_name);

/// The same, as clients name a folder in a text.
/// @param wanted  what the client says: the id of a folder, a path from the caller's root, or a
///                path from a folder that begins with its id; nothing, or an empty text: the
///                caller's root. Folders that are missing are made. Tickets and guests have no
///                choice, and what they say does not count.
/// @returns the answer to send if that cannot be.
boost::asio::awaitable<std::optional<answer>> choose_folder(exchange& x,
                                                            std::optional<std::string> wanted);
/// The same with the parameter `folder` of the query.
boost::asio::awaitable<std::optional<answer>> choose_folder(exchange& x);

} // namespace mediad::net::uploads
