#include "net/access/ownership.hpp"

namespace mediad::net {

namespace {

template <class Row>
result<Row> only_of(const caller& asker, result<Row> found) {
  if (found && found->user != asker.user)
    return fail(errc::not_found, "belongs to another user");
  return found;
}

} // namespace

result<file_record> find_own_file(const storage::view& stored, const caller& asker,
                                  std::string_view id) {
  return only_of(asker, stored.find(id));
}

result<upload_state> find_own_upload(const storage::view& stored, const caller& asker,
                                     std::string_view id) {
  return only_of(asker, stored.find_upload(id));
}

} // namespace mediad::net
