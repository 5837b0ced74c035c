#include "net/shares/guest.hpp"

#include "net/access/folder_access.hpp"
#include "net/access/guests.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/files/delivery.hpp"
#include "net/http/asked.hpp"
#include "net/http/cors.hpp"
#include "net/http/json_body.hpp"
#include "net/people/guessing.hpp"
#include "net/shares/guest_json.hpp"

#include <utility>

namespace mediad::net::shares {

namespace {

constexpr problem locked{403, "share_password_needed", "This share asks for a password."};
constexpr problem wrong_password{403, "wrong_password", "The password is wrong."};
constexpr std::size_t max_listed = 500; ///< Files in one answer.
constexpr problem not_allowed{403, "not_shared", "This share does not allow that."};

/// Where the share is, as the guest's browser asks for it.
std::string path_of(const exchange& x, std::string_view key) {
  return x.options().base_path + "/s/" + std::string{key};
}

/// Where its guests find a share.
result<shared_place> place_of(const exchange& x, const share_row& share) {
  shared_place place{path_of(x, x.to().segments.at(1)), {}};
  if (share.folder.empty())
    return place;
  const caller sharer{share.user, {}};
  auto folder = find_folder(x.storage(), sharer, share.folder, folder_right::view);
  if (!folder)
    return fail(folder.error());
  place.folder = std::move(folder->path);
  return place;
}

/// The files that are in a shared folder now, with those below it, newest first.
result<storage::list_page> files_in(const exchange& x, const share_row& share) {
  storage::folder_query query;
  query.user = share.user;
  query.folder = share.folder;
  query.with_subfolders = true;
  query.limit = max_listed;
  query.cursor = x.query("cursor").value_or("");
  return x.storage().list_in_folder(query);
}

/// The files that are shared, as far as they are there.
result<storage::list_page> files_of(const exchange& x, const share_row& share) {
  if (!share.folder.empty())
    return files_in(x, share);
  storage::list_page page;
  for (const auto& id : share.files) {
    auto file = x.storage().find(id);
    if (file && file->user == share.user && file->deleted_at == 0)
      page.files.push_back(*std::move(file));
    else if (!file && file.error().code != errc::not_found)
      return fail(file.error());
  }
  return page;
}

/// The share whose guest asks; it may have ended a moment ago.
result<share_row> asked_share(const exchange& x) {
  return x.storage().find_share(x.asker().credential);
}

} // namespace

std::optional<answer> refuse_guest(exchange& x, rights needs) {
  const auto share = find_open_share(x.storage(), x.arguments.front());
  if (!share)
    return x.make_problem(share.error());
  if (!is_unlocked(*share, x.request()))
    return x.make_problem(locked);
  auto guest = guest_of(*share);
  if (!guest.may.has_any_of(needs))
    return x.make_problem(not_allowed);
  x.arguments.erase(x.arguments.begin());
  x.set_asker(std::move(guest));
  return std::nullopt;
}

void know_sender(exchange& x, std::string_view key) {
  const auto share = find_open_share(x.storage(), key);
  if (share && share->allow == share_allow::upload && is_unlocked(*share, x.request()))
    x.set_asker(guest_of(*share));
}

asio::awaitable<void> send_share(exchange& x) {
  const auto share = find_open_share(x.storage(), x.arguments.front());
  if (!share)
    co_return co_await x.send_problem(share.error());
  if (!is_unlocked(*share, x.request()))
    co_return co_await x.send_problem(locked);
  note_share_use(x.shared(), share->id);
  co_await x.send_json(http::status::ok, share_json(*share));
}

asio::awaitable<void> take_password(exchange& x) {
  const auto key = x.arguments.front();
  const auto share = find_open_share(x.storage(), key);
  if (!share)
    co_return co_await x.send_problem(share.error());
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto password = text_of(*body, "password");
  if (!password)
    co_return co_await refuse_body(x, password.error().detail);
  // No name of a user has a colon.
  people::shown_password shown{"share:" + share->id, share->password, *password};
  shown.if_wrong = audit_act::share_refused;
  shown.about = share->id;
  const auto is_right = co_await people::try_password(x, std::move(shown));
  if (!is_right)
    co_return;
  if (!*is_right)
    co_return co_await x.send_problem(wrong_password);
  const bool is_secure = own_origin(x).starts_with("https://");
  x.add_to_answer("Set-Cookie", unlocking_cookie(*share, path_of(x, key), is_secure));
  x.add_to_answer("Cache-Control", "no-store");
  co_await x.send_empty(http::status::no_content);
}

asio::awaitable<void> send_files(exchange& x) {
  const auto share = asked_share(x);
  if (!share)
    co_return co_await x.send_problem(share.error());
  const auto place = place_of(x, *share);
  if (!place)
    co_return co_await x.send_problem(place.error());
  const auto page = files_of(x, *share);
  if (!page)
    co_return co_await x.send_problem(page.error());
  nlohmann::ordered_json told{{"files", nlohmann::ordered_json::array()}, {"cursor", nullptr}};
  for (const auto& file : page->files)
    told["files"].push_back(file_json(*share, *place, file));
  if (!page->cursor.empty())
    told["cursor"] = page->cursor;
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> send_file(exchange& x) {
  const auto share = asked_share(x);
  if (!share)
    co_return co_await x.send_problem(share.error());
  const auto file = find_asked_file(x);
  if (!file)
    co_return co_await x.send_problem(file.error());
  const auto place = place_of(x, *share);
  if (!place)
    co_return co_await x.send_problem(place.error());
  const auto told = file_json(*share, *place, *file);
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> send_content(exchange& x) {
  const auto share = asked_share(x);
  if (!share)
    co_return co_await x.send_problem(share.error());
  if (share->allow != share_allow::download)
    co_return co_await x.send_problem(not_allowed);
  if (share->originals)
    co_return co_await deliver_content(x);
  const auto file = find_asked_file(x);
  if (!file)
    co_return co_await x.send_problem(file.error());
  const auto* made = find_largest(*file);
  if (made == nullptr)
    co_return co_await x.send_problem(not_allowed,
                                      "The originals are not shared, and nothing was made of this "
                                      "file that could stand for it.");
  x.arguments.push_back(made->name);
  co_await deliver_rendition(x);
}

asio::awaitable<void> send_archive(exchange& x) {
  const auto share = asked_share(x);
  if (!share)
    co_return co_await x.send_problem(share.error());
  if (share->allow != share_allow::download || !share->originals)
    co_return co_await x.send_problem(not_allowed);
  co_await deliver_archive(x);
}

} // namespace mediad::net::shares
