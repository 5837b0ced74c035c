#pragma once

#include "base/ulid.hpp"
#include "tests/storage/scene.hpp"

#include <string>
#include <utility>

namespace mediad::tests {

/// People who sign in: ann is whose all is as long as nobody does.
struct accounts_fixture : scene {
  static storage::new_user account(const std::string& name, user_role role = user_role::member) {
    storage::new_user c{name, true};
    c.takes_over = "ann";
    c.role = role;
    c.password = "hash of " + name;
    return c;
  }
  static storage::new_user admin(const std::string& name) {
    return account(name, user_role::admin);
  }
  std::string made(const storage::new_user& c) {
    return apply(c).value().id;
  }

  user_row row_of(const std::string& id) const {
    return reader().find_user_by_id(id).value();
  }

  result<storage::applied> change(const std::string& id, storage::user_change c) {
    c.id = id;
    return apply(std::move(c));
  }
  result<storage::applied> disable(const std::string& id, bool disabled = true) {
    storage::user_change c;
    c.disabled = disabled;
    return change(id, c);
  }
  result<storage::applied> give_role(const std::string& id, user_role role) {
    storage::user_change c;
    c.role = role;
    return change(id, c);
  }
  result<storage::applied> give_password(const std::string& id, const std::string& hash) {
    storage::user_change c;
    c.password = hash;
    return change(id, c);
  }
  result<storage::applied> give_quota(const std::string& id, std::uint64_t bytes) {
    storage::user_change c;
    c.quota = bytes;
    return change(id, c);
  }

  static storage::new_credential credential_of(const std::string& user, credential_kind kind,
                                               unix_ms expires_at = 0) {
    credential_row row;
    row.id = make_ulid();
    row.user = user;
    row.kind = kind;
    row.digest = std::string(32, '\7');
    row.created_at = now_ms();
    row.expires_at = expires_at;
    return {row};
  }
  std::string session_of(const std::string& user, unix_ms expires_at = 0) {
    return apply(credential_of(user, credential_kind::session, expires_at)).value().id;
  }
  std::string token_of(const std::string& user, unix_ms expires_at = 0) {
    return apply(credential_of(user, credential_kind::token, expires_at)).value().id;
  }
  bool is_there(const std::string& credential) const {
    return reader().find_credential(credential).has_value();
  }
};

} // namespace mediad::tests
