#include "net/http/noted.hpp"

#include "net/backend/services.hpp"
#include "net/http/forwarded.hpp"

namespace mediad::net {

void note_as(exchange& x, const std::string& user, const std::string& name, audit_act what) {
  audit_row row;
  row.act = to_string(what);
  row.user = user;
  row.name = name;
  row.address = client_address(x);
  x.shared().audit.note(std::move(row));
}

void note(exchange& x, audit_act what, std::string about) {
  audit_row row;
  row.act = to_string(what);
  row.user = x.asker().user;
  if (const auto user = x.storage().find_user_by_id(row.user))
    row.name = user->name;
  row.credential = x.asker().credential;
  row.address = client_address(x);
  row.about = std::move(about);
  x.shared().audit.note(std::move(row));
}

} // namespace mediad::net
