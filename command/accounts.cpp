#include "command/accounts.hpp"

#include "base/audit.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/access/credentials.hpp"
#include "net/access/sign_in_link.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <utility>

namespace mediad::command {

namespace {

using nlohmann::json;

/// What each of the commands works with.
struct desk {
  const json& request;
  const storage::view& files;
  const change_applier& apply;

  std::string text(const char* member) const {
    return request.value(member, "");
  }
  result<std::string> asked_user() const {
    return files.find_user(text("name"));
  }
};

result<json> answer(json body = json::object()) {
  return result<json>{boost::system::in_place_value, std::move(body)};
}

result<json> done(const result<storage::applied>& how) {
  return how ? answer() : result<json>{fail(how.error())};
}

result<json> add(const desk& d) {
  storage::new_user made{d.text("name"), true};
  made.takes_over = d.text("takes_over");
  made.role = parse_user_role(d.text("role")).value_or(user_role::member);
  made.quota = d.request.value("quota", std::uint64_t{0});
  made.password = d.text("password");
  return done(d.apply(std::move(made)));
}

result<json> list(const desk& from) {
  const auto all = from.files.users();
  if (!all)
    return fail(all.error());
  auto users = json::array();
  for (const auto& u : *all) {
    const auto used = from.files.find_usage(u.id);
    if (!used)
      return fail(used.error());
    users.push_back({{"id", u.id},
                     {"name", u.name},
                     {"role", to_string(u.role)},
                     {"can_sign_in", u.may_sign_in()},
                     {"disabled", u.disabled_at != 0},
                     {"second_factor", u.has_second_factor()},
                     {"quota", u.quota},
                     {"files", used->files},
                     {"bytes", used->held_bytes()}});
  }
  return answer({{"users", std::move(users)}});
}

result<json> change(const desk& d, storage::user_change wanted) {
  auto id = d.asked_user();
  if (!id)
    return fail(id.error());
  wanted.id = *std::move(id);
  return done(d.apply(std::move(wanted)));
}

result<json> set_password(const desk& d) {
  storage::user_change wanted;
  wanted.password = d.text("password");
  return change(d, std::move(wanted));
}

result<json> set_quota(const desk& d) {
  storage::user_change wanted;
  wanted.quota = d.request.value("quota", std::uint64_t{0});
  return change(d, std::move(wanted));
}

result<json> disable(const desk& d) {
  storage::user_change wanted;
  wanted.disabled = d.text("what") == "disable";
  return change(d, std::move(wanted));
}

result<json> remove(const desk& d) {
  auto id = d.asked_user();
  if (!id)
    return fail(id.error());
  storage::user_removal wanted{*std::move(id), {}};
  if (const auto heir = d.text("heir"); !heir.empty()) {
    auto to = d.files.find_user(heir);
    if (!to)
      return fail(to.error());
    wanted.heir = *std::move(to);
  }
  return done(d.apply(std::move(wanted)));
}

result<json> clear(const desk& d) {
  const auto some = d.apply(storage::user_clearance{});
  return some ? answer({{"removed", some->removed}}) : result<json>{fail(some.error())};
}

result<json> make_token(const desk& d) {
  const auto user = d.asked_user();
  if (!user)
    return fail(user.error());
  auto [row, text] = net::make_credential(*user, credential_kind::token);
  row.name = d.text("called");
  row.scopes = d.request.value("scopes", std::uint64_t{0});
  const auto made = d.apply(storage::new_credential{std::move(row)});
  return made ? answer({{"token", to_string(text)}}) : result<json>{fail(made.error())};
}

result<json> make_link(const desk& d) {
  const auto user = d.asked_user();
  if (!user)
    return fail(user.error());
  const auto link = net::make_sign_in_link(*user);
  const auto made = d.apply(storage::new_sign_in_link{*user, link.digest, link.expires_at});
  return made ? answer({{"address", net::address_of(link)}}) : result<json>{fail(made.error())};
}

result<json> turn_totp_off(const desk& d) {
  const auto user = d.asked_user();
  if (!user)
    return fail(user.error());
  return done(d.apply(storage::second_factor_change{*user}));
}

/// What is remembered of a command; nothing of one that only looks.
std::optional<audit_act> act_of(std::string_view command) {
  static const std::map<std::string_view, audit_act> all{
    {"add", audit_act::user_added},
    {"password", audit_act::password_changed},
    {"quota", audit_act::user_changed},
    {"disable", audit_act::user_changed},
    {"enable", audit_act::user_changed},
    {"remove", audit_act::user_removed},
    {"token", audit_act::token_made},
    {"link", audit_act::link_made},
    {"totp_off", audit_act::second_factor_off}};
  const auto found = all.find(command);
  return found == all.end() ? std::nullopt : std::optional{found->second};
}

/// The act was done on the machine itself, so no user has done it.
void note(const desk& d, audit_act act) {
  audit_row row;
  row.at = now_ms();
  row.act = to_string(act);
  row.about = d.text("name");
  if (const auto kept = d.apply(storage::audited{{std::move(row)}}); !kept)
    log::warning("audit", kept.error().detail);
}

} // namespace

result<json> manage_users(const json& request, const storage::view& files,
                          const change_applier& apply) {
  static const std::map<std::string, result<json> (*)(const desk&), std::less<>> all{
    {"add", add},          {"list", list},      {"password", set_password}, {"quota", set_quota},
    {"disable", disable},  {"enable", disable}, {"remove", remove},         {"clear", clear},
    {"token", make_token}, {"link", make_link}, {"totp_off", turn_totp_off}};
  const desk d{request, files, apply};
  const auto wanted = all.find(d.text("what"));
  if (wanted == all.end())
    return fail(errc::bad_request, "no such command about users");
  auto told = wanted->second(d);
  const auto act = act_of(wanted->first);
  if (told && act)
    note(d, *act);
  return told;
}

} // namespace mediad::command
