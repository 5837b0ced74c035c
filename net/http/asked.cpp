#include "net/http/asked.hpp"

#include "net/access/ownership.hpp"

namespace mediad::net {

result<file_record> find_asked_file(const exchange& x) {
  return find_own_file(x.storage(), x.asker(), x.arguments.at(0));
}

result<upload_state> find_asked_upload(const exchange& x) {
  return find_own_upload(x.storage(), x.asker(), x.arguments.at(0));
}

} // namespace mediad::net
