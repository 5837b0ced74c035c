#include "command/user_command.hpp"

#include "base/options/value.hpp"
#include "base/password.hpp"
#include "base/user_name.hpp"
#include "command/accounts.hpp"
#include "command/admin/ask.hpp"
#include "command/alone.hpp"
#include "command/command_line.hpp"
#include "command/print.hpp"
#include "net/access/credentials.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace mediad::command {

namespace {

using nlohmann::json;

result<json> manage_alone(const config::settings& s, const json& request) {
  auto store = open_alone(s.storage);
  if (!store)
    return fail(store.error());
  const auto apply = [&](storage::change c) {
    return store->apply_one(std::move(c));
  };
  auto answer = manage_users(request, store->reader(), apply);
  if (auto ok = store->stop(); !ok)
    return fail(ok.error());
  return answer;
}

/// Has the server do it that runs, and only without one does it here.
result<json> manage(const config::settings& s, json request) {
  const auto runs = finds_server(s.storage.root);
  if (!runs)
    return fail(runs.error());
  if (!*runs) {
    auto alone = manage_alone(s, request);
    if (alone || alone.error().code != errc::busy)
      return alone;
    // One may have started meanwhile. If what has the store takes no commands, that is the answer.
    if (const auto now = finds_server(s.storage.root); !now || !*now)
      return alone;
  }
  request["do"] = "user";
  return ask_server(s.storage.root, request);
}

int tell(const result<json>& told) {
  return told ? exit_ok : complain({told.error().detail}, exit_failed);
}

/// The hash of the password on standard input.
result<std::string> read_password(const user_request& r) {
  if (!r.password_stdin)
    return fail(errc::bad_request, "give the password on standard input, with --password-stdin");
  std::string password;
  std::getline(std::cin, password);
  if (auto ok = check_new_password(password); !ok)
    return fail(ok.error());
  return hash_password(password);
}

result<std::uint64_t> read_quota(const std::string& text) {
  if (text.empty() || text == "none")
    return std::uint64_t{0};
  const auto bytes = options::parse_size(text);
  if (!bytes || *bytes <= 0)
    return fail(errc::bad_request, "the quota " + text + " must be a size like 10GiB, or none");
  return static_cast<std::uint64_t>(*bytes);
}

result<net::rights> read_scopes(const std::vector<std::string>& words) {
  net::rights some;
  for (const auto& word : words) {
    const auto one = net::parse_right(word);
    if (!one)
      return fail(errc::bad_request,
                  "the scope " + word + " must be one of " + to_string(net::rights::all()));
    some.add(*one);
  }
  return some;
}

std::string line_of(const json& user) {
  auto line = user.at("name").get<std::string>() + "  " + user.at("role").get<std::string>();
  if (user.at("disabled").get<bool>())
    line += ", disabled";
  else if (!user.at("can_sign_in").get<bool>())
    line += ", without a password";
  if (user.value("second_factor", false))
    line += ", with a second factor";
  line += ", " + std::to_string(user.at("files").get<std::uint64_t>()) + " files with "
          + std::to_string(user.at("bytes").get<std::uint64_t>()) + " bytes";
  if (const auto quota = user.at("quota").get<std::int64_t>(); quota != 0)
    line += " of " + options::format_size(quota);
  return line + '\n';
}

/// Where the server listens, as a browser has it; empty if that is no address.
std::string page_of(const net::settings& s) {
  const bool in_tls = !s.tls_listen.empty();
  const auto& all = in_tls ? s.tls_listen : s.listen;
  return all.empty() ? std::string{} : (in_tls ? "https://" : "http://") + all.front();
}

} // namespace

int add_user(const config::settings& s, const user_request& wanted) {
  if (!is_user_name(wanted.name))
    return complain({"the name " + wanted.name + " must be 1 to 32 of a-z, 0-9, _ and -"},
                    exit_usage);
  const auto quota = read_quota(wanted.quota);
  if (!quota)
    return complain({quota.error().detail}, exit_usage);
  const auto hash = read_password(wanted);
  if (!hash)
    return complain({hash.error().detail}, exit_usage);
  return tell(
    manage(s, {{"what", "add"},
               {"name", wanted.name},
               {"password", *hash},
               {"role", to_string(wanted.is_admin ? user_role::admin : user_role::member)},
               {"quota", *quota},
               {"takes_over", s.net.user}}));
}

int list_users(const config::settings& s, const user_request& wanted) {
  const auto told = manage(s, {{"what", "list"}});
  if (!told)
    return tell(told);
  if (wanted.as_json)
    return print(told->at("users").dump(2) + '\n');
  std::string lines;
  for (const auto& one : told->at("users"))
    lines += line_of(one);
  return print(lines);
}

int set_password(const config::settings& s, const user_request& r) {
  const auto hash = read_password(r);
  if (!hash)
    return complain({hash.error().detail}, exit_usage);
  return tell(manage(s, {{"what", "password"}, {"name", r.name}, {"password", *hash}}));
}

int set_quota(const config::settings& s, const user_request& r) {
  const auto quota = read_quota(r.quota);
  if (!quota)
    return complain({quota.error().detail}, exit_usage);
  return tell(manage(s, {{"what", "quota"}, {"name", r.name}, {"quota", *quota}}));
}

int disable_user(const config::settings& s, const user_request& r) {
  return tell(manage(s, {{"what", "disable"}, {"name", r.name}}));
}

int enable_user(const config::settings& s, const user_request& r) {
  return tell(manage(s, {{"what", "enable"}, {"name", r.name}}));
}

int remove_user(const config::settings& s, const user_request& r) {
  if (r.delete_files != r.heir.empty())
    return complain({"say what becomes of the files: --delete-files, or --hand-over OTHER"},
                    exit_usage);
  json wanted{{"what", "remove"}, {"name", r.name}};
  if (!r.heir.empty())
    wanted["heir"] = r.heir;
  auto told = manage(s, std::move(wanted));
  // Some files at a time, so that no answer is long in coming, and others get their turn.
  while (told && r.delete_files) {
    told = manage(s, {{"what", "clear"}});
    if (told && told->value("removed", std::uint64_t{0}) == 0)
      break;
  }
  return tell(told);
}

int make_token(const config::settings& s, const user_request& r) {
  if (r.called.empty() || r.called.size() > net::max_token_name)
    return complain({"what the token is called must have 1 to 100 bytes"}, exit_usage);
  const auto scopes = read_scopes(r.scopes);
  if (!scopes)
    return complain({scopes.error().detail}, exit_usage);
  const auto told = manage(
    s, {{"what", "token"}, {"name", r.name}, {"called", r.called}, {"scopes", scopes->to_bits()}});
  return told ? print(told->at("token").get<std::string>() + '\n') : tell(told);
}

int turn_totp_off(const config::settings& s, const user_request& r) {
  if (!r.off)
    return complain({"a second factor is set up on the page; here it can be turned off: --off"},
                    exit_usage);
  return tell(manage(s, {{"what", "totp_off"}, {"name", r.name}}));
}

int make_link(const config::settings& s, const user_request& r) {
  const bool is_page = r.page.starts_with("https://") || r.page.starts_with("http://");
  if (!r.page.empty() && !is_page)
    return complain({"--page must be an address like https://media.example"}, exit_usage);
  const auto told = manage(s, {{"what", "link"}, {"name", r.name}});
  if (!told)
    return tell(told);
  // By a UNIX socket no browser comes: then what is behind the page's own address is all there is.
  auto page = told->value("page", page_of(s.net)) + s.net.base_path;
  if (!page.starts_with("http") || page.find("://unix:") != std::string::npos)
    page.clear();
  if (is_page)
    page = r.page.ends_with('/') ? r.page.substr(0, r.page.size() - 1) : r.page;
  return print(page + told->at("address").get<std::string>() + '\n');
}

} // namespace mediad::command
