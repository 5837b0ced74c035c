#include "net/access/credentials.hpp"

#include "base/clock.hpp"
#include "base/password.hpp"
#include "base/ulid.hpp"
#include "net/access/folder_access.hpp"
#include "net/access/guests.hpp"
#include "net/access/tickets.hpp"
#include "net/fields/structured.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace mediad::net {

namespace beast = boost::beast;

namespace {

constexpr std::string_view token_prefix = "mediad_";
constexpr std::size_t id_size = 26;

/// `<id><mark><secret>`.
std::optional<credential_text> take_apart(std::string_view text, char mark, credential_kind kind) {
  if (text.size() <= id_size || text[id_size] != mark || !is_ulid(text.substr(0, id_size)))
    return std::nullopt;
  return credential_text{std::string{text.substr(0, id_size)},
                         std::string{text.substr(id_size + 1)}, kind};
}

std::optional<credential_text> read_token(std::string_view text) {
  if (!text.starts_with(token_prefix))
    return std::nullopt;
  return take_apart(text.substr(token_prefix.size()), '_', credential_kind::token);
}

/// The password of `user:password` in base64 (RFC 7617); the user counts for nothing.
std::string password_of(std::string_view basic) {
  const auto plain = fields::decode_base64(basic);
  const auto colon = plain ? plain->find(':') : std::string::npos;
  return colon == std::string::npos ? std::string{} : plain->substr(colon + 1);
}

std::optional<credential_text> read_authorization(std::string_view field) {
  const auto space = field.find(' ');
  if (space == std::string_view::npos)
    return std::nullopt;
  const auto scheme = field.substr(0, space);
  const auto rest = field.substr(std::min(field.find_first_not_of(' ', space), field.size()));
  if (beast::iequals({scheme.data(), scheme.size()}, "bearer"))
    return read_token(rest);
  if (beast::iequals({scheme.data(), scheme.size()}, "basic"))
    return read_token(password_of(rest));
  return std::nullopt;
}

/// Whether a proxy or the client says that the client speaks TLS. A lie is harmless here: it
/// makes a request show less.
bool says_https(const http::request_header<>& head) {
  const auto has = [&](const char* field, std::string_view word) {
    const auto text = fields::joined_field(head, field);
    return text && text->find(word) != std::string::npos;
  };
  return has("X-Forwarded-Proto", "https") || has("Forwarded", "proto=https");
}

/// @returns errc::unauthenticated if the user is gone or disabled.
result<user_row> find_enabled(const storage::view& stored, const std::string& id) {
  auto user = stored.find_user_by_id(id);
  if (!user && user.error().code == errc::not_found)
    return fail(errc::unauthenticated, "the credential's user is gone");
  if (user && user->disabled_at != 0)
    return fail(errc::unauthenticated, "the credential's user is disabled");
  return user;
}

} // namespace

std::optional<std::string_view> find_cookie(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    const auto one = field.substr(0, field.find(';'));
    field.remove_prefix(std::min(field.size(), one.size() + 1));
    const auto begin = std::min(one.find_first_not_of(' '), one.size());
    const auto pair = one.substr(begin);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return std::nullopt;
}

fresh_credential make_credential(std::string user, credential_kind kind) {
  fresh_credential made;
  made.text = {make_ulid(), make_secret(), kind};
  made.row.id = made.text.id;
  made.row.user = std::move(user);
  made.row.kind = kind;
  made.row.digest = digest_of_secret(made.text.secret);
  made.row.created_at = now_ms();
  return made;
}

std::string to_string(const credential_text& t) {
  if (t.kind == credential_kind::token)
    return std::string{token_prefix} + t.id + '_' + t.secret;
  return t.id + '.' + t.secret;
}

std::optional<credential_text> read_credential(const http::request_header<>& head,
                                               std::string_view base_path) {
  if (const auto field = fields::joined_field(head, "Authorization"))
    if (auto token = read_authorization(*field))
      return token;
  const auto cookies = fields::joined_field(head, "Cookie");
  if (!cookies)
    return std::nullopt;
  for (const bool is_secure : {true, false}) {
    // Behind TLS a sibling of this host could have set the name that browsers do not hold to it.
    if (!is_secure && says_https(head))
      break;
    if (const auto value = find_cookie(*cookies, cookie_name({is_secure, base_path})))
      return take_apart(*value, '.', credential_kind::session);
  }
  return std::nullopt;
}

void drop_insecure_cookie(http::fields& head) {
  const auto all = fields::joined_field(head, "Cookie");
  if (!all || !find_cookie(*all, cookie_name({})))
    return;
  std::string kept;
  for (std::string_view rest = *all; !rest.empty();) {
    const auto one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (!find_cookie(one, cookie_name({})))
      kept.append(kept.empty() ? "" : ";").append(one);
  }
  head.erase(http::field::cookie);
  if (!kept.empty())
    head.set(http::field::cookie, kept);
}

std::string_view cookie_name(const cookie_place& place) {
  if (!place.is_secure)
    return "mediad";
  return place.base_path.empty() ? "__Host-mediad" : "__Secure-mediad";
}

std::string cookie_line(const std::optional<credential_text>& t, const cookie_place& place) {
  auto line = std::string{cookie_name(place)} + '=' + (t ? to_string(*t) : "")
              + "; Path=" + std::string{place.base_path} + "/; HttpOnly; SameSite=Lax; Max-Age="
              + std::to_string(t ? std::chrono::seconds{session_longest}.count() : 0);
  if (place.is_secure)
    line += "; Secure";
  return line;
}

result<caller> caller_of(const storage::view& stored, const credential_row& known) {
  if (known.expires_at != 0 && known.expires_at <= now_ms())
    return fail(errc::unauthenticated, "the credential has expired");
  const auto user = find_enabled(stored, known.user);
  if (!user)
    return fail(user.error());
  auto may = rights::all();
  if (user->role != user_role::admin)
    may = may.without(right::admin);
  const bool is_token = known.kind == credential_kind::token;
  if (is_token)
    may = may.and_of(rights::from_bits(known.scopes));
  const auto there = check_folder_is_there(stored, known.user, known.folder);
  if (!there)
    return fail(there.error().code == errc::not_found ? errc::unauthenticated : there.error().code,
                "the folder that the credential is for is gone");
  caller who{known.user, may, is_token ? known_by::token : known_by::session, known.id,
             known.expires_at};
  who.folder = known.folder;
  return who;
}

result<caller> caller_of_name(const storage::view& stored, const std::string& name) {
  const auto id = stored.find_user(name);
  if (!id && id.error().code == errc::not_found)
    return fail(errc::unauthenticated, "nobody has the name that the proxy says");
  const auto user = id ? find_enabled(stored, *id) : result<user_row>{id.error()};
  if (!user)
    return fail(user.error());
  return caller{user->id, rights::all().without(right::admin), known_by::proxy};
}

result<> check_maker(const storage::view& stored, const caller& who) {
  if (who.maker.empty()) {
    const auto user = find_enabled(stored, who.user);
    return user ? result<>{} : fail(user.error());
  }
  const auto token = stored.find_credential(who.maker);
  if (!token && token.error().code != errc::not_found)
    return fail(token.error());
  if (!token || token->user != who.user)
    return fail(errc::unauthenticated, "the token by which it was made is gone");
  const auto maker = caller_of(stored, *token);
  return maker ? result<>{} : fail(maker.error());
}

bool still_counts(const storage::view& stored, const caller& who) {
  if (who.by == known_by::signature)
    return check_maker(stored, who).has_value();
  if (who.by == known_by::ticket) {
    const auto ended = is_ended(stored, who);
    return ended && !*ended && check_maker(stored, who).has_value();
  }
  if (who.by == known_by::nothing) {
    const auto wanted = stored.wants_sign_in();
    return wanted && !*wanted;
  }
  if (who.by == known_by::share)
    return find_share_in_force(stored, who.credential).has_value();
  if (who.by == known_by::proxy)
    return find_enabled(stored, who.user).has_value();
  const auto known = stored.find_credential(who.credential);
  return known && caller_of(stored, *known);
}

} // namespace mediad::net
