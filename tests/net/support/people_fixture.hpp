#pragma once

#include "base/password.hpp"
#include "base/ulid.hpp"
#include "tests/net/support/http_fixture.hpp"

#include <string>
#include <vector>

namespace mediad::tests {

/// A server whose users sign in: ada, an admin to whom all belonged before, and mia, a member. The
/// server knows callers by its store, as it does outside tests.
struct people_fixture : http_fixture {
  static inline const std::string of_page = "Sec-Fetch-Site: same-origin\r\n";
  static inline const std::string password = "salty-waves!";
  std::string ada; ///< Id.
  std::string mia;

  people_fixture() {
    who_asks = nullptr;
  }

  /// One hash for all: making it takes a while.
  static const std::string& hash() {
    static const auto made = hash_password(password).value();
    return made;
  }

  static storage::new_user account(const std::string& name, user_role role) {
    storage::new_user c{name, true};
    c.takes_over = "local";
    c.role = role;
    c.password = hash();
    return c;
  }
  void start_with_people() {
    ada = apply(account("ada", user_role::admin)).value().id;
    mia = apply(account("mia", user_role::member)).value().id;
    start();
  }

  http_answer ask_json(const std::string& method, const std::string& target, const json& body,
                       const std::string& fields = "") {
    return ask(method, target, body.dump(), "Content-Type: application/json\r\n" + fields);
  }

  http_answer sign_in(const std::string& name, const std::string& with = password,
                      const std::string& fields = "") {
    return ask_json("POST", "/v1/session", {{"name", name}, {"password", with}}, fields);
  }
  /// What a page of this server sends with each request once it has got the answer.
  static std::string fields_after(const http_answer& a) {
    const auto cookie = a.field("set-cookie");
    return of_page + "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  }
  std::string signed_in(const std::string& name) {
    const auto a = sign_in(name);
    if (a.status != 204)
      throw std::runtime_error{"signing in: " + std::to_string(a.status) + ' ' + a.body};
    return fields_after(a);
  }

  /// A session as signing in would have made it at another time.
  std::string session_of(const std::string& user_id, unix_ms proved_at, unix_ms expires_at) {
    return of_page + "Cookie: mediad="
           + kept(user_id, credential_kind::session, '.', 0, proved_at, expires_at) + "\r\n";
  }
  /// A token with the scopes of these bits, as it would have been made at another time.
  std::string token_of(const std::string& user_id, std::uint64_t scopes, unix_ms expires_at = 0) {
    return bearer("mediad_" + kept(user_id, credential_kind::token, '_', scopes, 0, expires_at));
  }
  static std::string bearer(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  /// The answer to making a token with these words for its rights.
  http_answer make_token(const std::string& fields, const std::vector<std::string>& scopes,
                         json more = json::object()) {
    more["name"] = "camera";
    more["scopes"] = scopes;
    return ask_json("POST", "/v1/tokens", more, fields);
  }

  int status_of(const std::string& fields, const std::string& target = "/v1/files",
                const std::string& method = "GET") {
    return ask(method, target, "", fields).status;
  }
  static int status_in(const http_answer& a) {
    return a.status;
  }
  static std::string code_of(const http_answer& a) {
    return a.body.empty() ? std::string{} : json::parse(a.body).value("code", "");
  }
  json items_of(const std::string& target, const std::string& fields) {
    return json::parse(ask("GET", target, "", fields).body)["items"];
  }

private:
  /// @returns its id, the mark and its secret.
  std::string kept(const std::string& user_id, credential_kind kind, char mark,
                   std::uint64_t scopes, unix_ms proved_at, unix_ms expires_at) {
    const auto secret = make_secret();
    credential_row row;
    row.id = make_ulid();
    row.user = user_id;
    row.kind = kind;
    row.digest = digest_of_secret(secret);
    row.scopes = scopes;
    row.created_at = row.used_at = now_ms();
    row.proved_at = proved_at;
    row.expires_at = expires_at;
    return have_applied(storage::new_credential{row}).id + mark + secret;
  }
};

} // namespace mediad::tests
