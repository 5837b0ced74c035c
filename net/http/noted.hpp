#pragma once

#include "base/audit.hpp"
#include "net/http/exchange.hpp"

#include <string>

/// What is remembered of a request for admins (net/backend/audit_log).
namespace mediad::net {

/// Notes that the caller has done something.
/// @param about  an id or a name; never a secret.
void note(exchange& x, audit_act what, std::string about = {});
/// The same of a user who is just signing in, and so is not the caller yet.
void note_as(exchange& x, const std::string& user, const std::string& name, audit_act what);

} // namespace mediad::net
