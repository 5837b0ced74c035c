#pragma once

#include "base/error.hpp"
#include "net/access/caller.hpp"
#include "net/access/signing_keys.hpp"
#include "net/fields/request.hpp"
#include "storage/view.hpp"

#include <chrono>
#include <optional>
#include <string>

/// Upload tickets: who has one sends one file to its maker. The server keeps nothing of a ticket
/// until it is used: it carries what it allows, signed. Its use is a request key that can be used
/// once.
namespace mediad::net {

/// As long as the storage remembers a request key.
inline constexpr std::chrono::hours longest_ticket{24};

struct ticket {
  std::string id;    ///< ULID; of what it sends, file_record::sender.
  std::string user;  ///< Id of its maker.
  std::string maker; ///< Id of the token that made it; empty: a person did.
  unix_ms expires_at = 0;
  upload_limits limits;
  std::string folder{}; ///< Id of the folder into which its file goes; empty: the root folder.
};

/// What its holder sends as `Authorization: Bearer`.
std::string to_text(const signing_keys& keys, const ticket& t);

/// What the request shows as a ticket; nothing if it is none.
std::optional<std::string> read_ticket(const http::request_header<>& head);

/// The caller that has the ticket: with the right to upload alone, for one upload. A ticket that
/// was used counts until that upload is over, or until it expires if that is later.
/// @returns errc::unauthenticated if it counts no more; the errors of the view.
result<caller> caller_of_ticket(const storage::view& stored, const signing_keys& keys,
                                std::string_view text);

/// Whether the maker has ended it, or the file is gone that came by it.
/// @returns the errors of the view.
result<bool> is_ended(const storage::view& stored, const caller& holder);

/// The key under which the storage knows what was sent by the ticket.
std::string request_key_of_ticket(std::string_view id);

} // namespace mediad::net
