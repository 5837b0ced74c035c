#define CAF_SUITE net_access_credentials

#include "net/access/credentials.hpp"

#include <string>
#include <utility>
#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::net;

namespace {

const std::string id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const std::string secret = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";
const std::string token = "mediad_" + id + '_' + secret;
const std::string session = id + '.' + secret;

/// What is read of a request with these fields, as text; `none` if there is nothing.
std::string shown_by(const std::vector<std::pair<std::string, std::string>>& all) {
  http::request_header<> head;
  for (const auto& [name, value] : all)
    head.insert(name, value);
  const auto found = read_credential(head, "");
  return found ? to_string(*found) : "none";
}

std::string by_authorization(const std::string& value) {
  return shown_by({{"Authorization", value}});
}

std::string by_cookie(const std::string& value) {
  return shown_by({{"Cookie", value}});
}

} // namespace

CAF_TEST(a token is read behind Bearer in any case) {
  for (const auto* scheme : {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
    CAF_CHECK_EQUAL(by_authorization(scheme + token), token);
}

CAF_TEST(a token is the password of Basic and the name counts for nothing) {
  // rclone:mediad_…
  CAF_CHECK_EQUAL(by_authorization("Basic cmNsb25lOm1lZGlhZF8wMUFSWjNOREVLVFNWNFJSRkZRNjlHNUZBVl9h"
                                   "YmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODktX0FCQ0RF"),
                  token);
  // :mediad_…
  CAF_CHECK_EQUAL(by_authorization("basic Om1lZGlhZF8wMUFSWjNOREVLVFNWNFJSRkZRNjlHNUZBVl9hYmNkZWZn"
                                   "aGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODktX0FCQ0RF"),
                  token);
}

CAF_TEST(what is no token shows nothing) {
  for (const auto& wrong : {std::string{},
                            std::string{"Bearer"},
                            std::string{"Bearer "},
                            std::string{"Bearer  "},
                            std::string{" "},
                            std::string{"Bearer x"},
                            std::string{"Bearer mediad_"},
                            "Bearer mediad_" + id,
                            "Bearer mediad_" + id + '.' + secret,
                            "Bearer " + session,
                            token,
                            "Token " + token,
                            "Bearer Mediad_" + id + '_' + secret,
                            "Bearer mediad_01arz3ndektsv4rrffq69g5fav_" + secret,
                            "Bearer mediad_../../../../../../../../__" + secret,
                            std::string{"Basic !!!!"},
                            std::string{"Basic "},
                            std::string{"Basic bWVkaWFk"},
                            std::string{"Basic YW5uOnNhbHR5LXdhdmVzIQ=="},
                            std::string{"Digest username=ann"}})
    CAF_CHECK_EQUAL(by_authorization(wrong), "none");
  CAF_CHECK_EQUAL(shown_by({{"Authorization", "Bearer"}, {"Authorization", ""}}), "none");
  CAF_CHECK_EQUAL(shown_by({}), "none");
}

CAF_TEST(a session is read of a cookie among others) {
  for (const auto& cookies :
       {"mediad=" + session, "a=b; mediad=" + session, "mediad=" + session + "; c=d",
        "a=b;mediad=" + session + ";c=d", "a=b; xmediad=1; mediadx=2; mediad=" + session,
        "mediad; mediad=" + session, "; ;mediad=" + session, "a=mediad=; mediad=" + session})
    CAF_CHECK_EQUAL(by_cookie(cookies), session);
}

CAF_TEST(what is no session shows nothing) {
  for (const auto& wrong :
       {std::string{}, std::string{";"}, std::string{"mediad"}, std::string{"mediad="},
        std::string{"mediad=x"}, "mediad=" + id, "mediad=" + id + '_' + secret, "mediad=" + token,
        "Mediad=" + session, "xmediad=" + session, "a=" + session, session})
    CAF_CHECK_EQUAL(by_cookie(wrong), "none");
}

CAF_TEST(the name that browsers hold to TLS comes first) {
  const std::string other = "01ARZ3NDEKTSV4RRFFQ69G5FAW." + secret;
  CAF_CHECK_EQUAL(by_cookie("mediad=" + session + "; __Host-mediad=" + other), other);
  CAF_CHECK_EQUAL(by_cookie("__Host-mediad=" + other + "; mediad=" + session), other);
}

CAF_TEST(a token counts before a cookie and what is no token hides none) {
  CAF_CHECK_EQUAL(shown_by({{"Cookie", "mediad=" + session}, {"Authorization", "Bearer " + token}}),
                  token);
  for (const auto* other : {"Basic YW5uOnNhbHR5LXdhdmVzIQ==", "Negotiate abc", "Bearer"})
    CAF_CHECK_EQUAL(shown_by({{"Authorization", other}, {"Cookie", "mediad=" + session}}), session);
}

CAF_TEST(the parts are apart) {
  http::request_header<> head;
  head.set("Authorization", "Bearer " + token);
  const auto found = read_credential(head, "").value();
  CAF_CHECK_EQUAL(found.id, id);
  CAF_CHECK_EQUAL(found.secret, secret);
  CAF_CHECK(found.kind == credential_kind::token);
}

CAF_TEST(a cookie is kept from scripts and from other sites) {
  const credential_text text{id, secret, credential_kind::session};
  CAF_CHECK_EQUAL(cookie_line(text, {}),
                  "mediad=" + session + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000");
  CAF_CHECK_EQUAL(cookie_line(text, {true}), "__Host-mediad=" + session
                                               + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000"
                                                 "; Secure");
}

CAF_TEST(below a base path the cookie is of that path alone) {
  const credential_text text{id, secret, credential_kind::session};
  const cookie_place below{true, "/media"};
  const auto line = cookie_line(text, below);
  CAF_CHECK(line.starts_with("__Secure-mediad=" + session + "; Path=/media/; HttpOnly"));
  http::request_header<> head;
  head.set("Cookie", "__Secure-mediad=" + session);
  CAF_CHECK(read_credential(head, "/media").has_value());
  CAF_CHECK(!read_credential(head, "").has_value());
}

CAF_TEST(a browser forgets a cookie that ends at once) {
  CAF_CHECK_EQUAL(cookie_line(std::nullopt, {}),
                  "mediad=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
  CAF_CHECK_EQUAL(cookie_line(std::nullopt, {true}),
                  "__Host-mediad=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
}
