#include "net/backend/ownership.hpp"

namespace mediad::net {

namespace {

template <class Row>
result<Row> only_of(std::string_view user, result<Row> found) {
  if (found && found->user != user)
    return fail(errc::not_found, "belongs to another user");
  return found;
}

} // namespace

result<file_record> find_own_file(const storage::view& stored, std::string_view user,
                                  std::string_view id) {
  return only_of(user, stored.find(id));
}

result<upload_state> find_own_upload(const storage::view& stored, std::string_view user,
                                     std::string_view id) {
  return only_of(user, stored.find_upload(id));
}

} // namespace mediad::net
