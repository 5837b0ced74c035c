#include "net/shares/shares.hpp"

#include "base/share_json.hpp"
#include "net/access/guests.hpp"
#include "net/access/ownership.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/cors.hpp"
#include "net/http/json_body.hpp"
#include "net/http/named_folder.hpp"
#include "net/http/noted.hpp"
#include "net/people/items.hpp"
#include "net/people/proof.hpp"
#include "net/people/wanted.hpp"
#include "net/shares/wanted.hpp"

#include <functional>
#include <utility>

namespace mediad::net::shares {

using nlohmann::ordered_json;

namespace {

ordered_json own_json(exchange& x, const share_row& s) {
  auto one = public_json(s);
  one["is_open"] = find_share_in_force(x.storage(), s.id).has_value();
  one["uses"] = s.uses + x.shared().opened_shares.waiting(s.id);
  one["used_at"] = people::time_or_null(s.used_at);
  one["sent"] = nullptr;
  if (s.allow == share_allow::upload)
    one["sent"] = {{"files", s.sent_files}, {"bytes", s.sent_bytes}};
  return one;
}

/// Nobody gives to others what they cannot do themselves.
bool may_give(const caller& asker, share_allow allow) {
  return asker.may.has(allow == share_allow::upload ? right::upload : right::read);
}

/// The right that a token needs beside `share`.
constexpr problem more_than_own{403, "missing_right",
                                "You cannot share what you may not do yourself: this needs `read`, "
                                "or `upload` for guests who send files."};

/// A caller who has no more than a folder sees the shares that are made by the same credential.
bool is_own(const exchange& x, const share_row& share) {
  const auto& asker = x.asker();
  return share.user == asker.user && (asker.folder.empty() || share.credential == asker.credential);
}

/// @returns errc::not_found if the share is not the caller's own.
result<share_row> find_own_share(const exchange& x) {
  auto known = x.storage().find_share(x.arguments.front());
  if (known && !is_own(x, *known))
    return fail(errc::not_found, "the share is another's");
  return known;
}

/// Whether what is wanted goes together.
/// @returns errc::bad_request with a sentence for the client.
result<> check_terms(const wanted_share& wanted, share_allow allow) {
  const bool sends = allow == share_allow::upload;
  if (wanted.limits && !sends)
    return fail(errc::bad_request, "`limits` are for `upload`.");
  if (wanted.originals.value_or(false) && allow != share_allow::download)
    return fail(errc::bad_request, "`originals` are for `download`.");
  return {};
}

/// @param folder  id; empty: none.
result<fresh_share> terms_of(const exchange& x, const wanted_share& wanted, std::string folder) {
  if (!wanted.allow)
    return fail(errc::bad_request, "`allow` must be `view`, `download` or `upload`.");
  if (auto ok = check_terms(wanted, *wanted.allow); !ok)
    return fail(ok.error());
  const bool sends = *wanted.allow == share_allow::upload;
  const bool needs_files = !sends && !wanted.names_folder;
  if (needs_files == wanted.files.empty() || wanted.files.size() > storage::max_shared_files)
    return fail(errc::bad_request, sends ? "Guests who send files see none: leave out `files`."
                                         : "`files` must be 1 to 500 ids, or `folder` a folder.");
  auto made = net::make_share(x.asker().user);
  auto& row = made.row;
  row.allow = *wanted.allow;
  row.files = wanted.files;
  if (!needs_files)
    row.folder = std::move(folder);
  row.name = wanted.name.value_or("");
  row.expires_at = wanted.expires_at.value_or(0);
  row.originals = wanted.originals.value_or(false);
  const auto limits = wanted.limits.value_or(sending_limits{});
  row.max_files = limits.files;
  row.max_bytes = limits.bytes;
  row.profiles = limits.profiles;
  if (x.asker().by == known_by::token)
    row.credential = x.asker().credential;
  return made;
}

/// The body's share, with the password hashed.
/// @param folder  becomes the id of the folder that it names.
/// @returns nothing if the answer has been sent.
asio::awaitable<std::optional<wanted_share>> take_share(exchange& x, std::string& folder) {
  using reader = std::function<result<wanted_share>(const nlohmann::json&)>;
  const reader read = [&](const nlohmann::json& body) -> result<wanted_share> {
    auto found = own_folder_in(x, body);
    if (!found)
      return fail(found.error());
    folder = *std::move(found);
    return read_share(body);
  };
  auto wanted = co_await people::take_wanted<wanted_share>(x, people::find_missing_leave(x), read);
  if (wanted && wanted->allow && !may_give(x.asker(), *wanted->allow)) {
    co_await x.send_problem(more_than_own);
    wanted.reset();
  }
  const bool has_password = wanted && !wanted->password.value_or("").empty();
  if (has_password)
    if (const bool is_hashed = co_await people::hash_wanted(x, *wanted->password); !is_hashed)
      wanted.reset();
  co_return wanted;
}

asio::awaitable<void> send_made(exchange& x, const share_row& row, std::string key) {
  auto told = own_json(x, row);
  told["url"] = own_origin(x) + x.options().base_path + "/s/" + key;
  co_await x.send_json(http::status::created, told);
}

} // namespace

asio::awaitable<void> list_shares(exchange& x) {
  const auto all = x.storage().shares(x.asker().user);
  if (!all)
    co_return co_await x.send_problem(all.error());
  ordered_json told{{"items", ordered_json::array()}, {"cursor", nullptr}};
  for (const auto& one : *all)
    if (is_own(x, one))
      told["items"].push_back(own_json(x, one));
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> make_share(exchange& x) {
  std::string folder;
  const auto wanted = co_await take_share(x, folder);
  if (!wanted)
    co_return;
  auto made = terms_of(x, *wanted, std::move(folder));
  if (!made)
    co_return co_await refuse_body(x, made.error().detail);
  for (const auto& id : made->row.files)
    if (const auto file = find_own_file(x.storage(), x.asker(), id); !file)
      co_return co_await x.send_problem(file.error());
  made->row.password = wanted->password.value_or("");
  storage::new_share change{made->row};
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done && done.error().code == errc::too_many)
    co_return co_await x.send_problem(problem_of(errc::too_many),
                                      "You have too many shares; take some back first.");
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::share_made, made->row.id);
  co_await send_made(x, made->row, std::move(made->key));
}

asio::awaitable<void> send_own_share(exchange& x) {
  const auto known = find_own_share(x);
  if (!known)
    co_return co_await x.send_problem(known.error());
  co_await x.send_json(http::status::ok, own_json(x, *known));
}

asio::awaitable<void> change_share(exchange& x) {
  const auto known = find_own_share(x);
  if (!known)
    co_return co_await x.send_problem(known.error());
  std::string folder;
  const auto wanted = co_await take_share(x, folder);
  if (!wanted)
    co_return;
  if (!may_give(x.asker(), known->allow))
    co_return co_await x.send_problem(more_than_own);
  if (!wanted->files.empty() || wanted->names_folder)
    co_return co_await refuse_body(x, "What a share is of cannot change; make another.");
  if (const auto ok = check_terms(*wanted, wanted->allow.value_or(known->allow)); !ok)
    co_return co_await refuse_body(x, ok.error().detail);
  storage::share_change change{x.asker().user, known->id};
  change.allow = wanted->allow;
  change.name = wanted->name;
  change.expires_at = wanted->expires_at;
  change.password = wanted->password;
  change.originals = wanted->originals;
  if (wanted->limits) {
    change.max_files = wanted->limits->files;
    change.max_bytes = wanted->limits->bytes;
    change.profiles = wanted->limits->profiles;
  }
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done)
    co_return co_await people::send_refusal(x, done.error());
  note(x, audit_act::share_changed, known->id);
  end_what_counts_no_more(x.shared());
  co_await send_own_share(x);
}

asio::awaitable<void> end_share(exchange& x) {
  const auto known = find_own_share(x);
  if (!known)
    co_return co_await x.send_problem(known.error());
  storage::share_removal removal{x.asker().user, x.arguments.front()};
  const auto done = co_await apply_change(x.shared(), std::move(removal));
  if (!done)
    co_return co_await x.send_problem(done.error());
  note(x, audit_act::share_ended, done->id);
  end_what_counts_no_more(x.shared());
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net::shares
