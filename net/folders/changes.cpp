#include "net/backend/backend.hpp"
#include "net/folders/folder_json.hpp"
#include "net/folders/folders.hpp"
#include "net/http/json_body.hpp"
#include "net/http/noted.hpp"
#include "net/uploads/destination.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mediad::net::folders {

namespace {

constexpr problem not_empty{409, "folder_not_empty",
                            "The folder is not empty; `?recursive=1` removes it with all that is "
                            "in it."};
constexpr std::size_t removed_at_once = 100;

/// What a body says of a folder.
struct wanted_folder {
  std::optional<std::string> name;
  std::optional<std::string> parent; ///< Id; empty: the caller's root.
  std::optional<std::string> path;
  bool may_differ = false; ///< The name may become another one.
};

/// @returns errc::bad_request with a sentence for the client.
result<> check_members(const nlohmann::json& body, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : body.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      return fail(errc::bad_request, "There is no member `" + name.substr(0, 80) + "` here.");
  return {};
}

result<wanted_folder> read_folder(const nlohmann::json& body) {
  wanted_folder wanted;
  for (const auto& [member, target] :
       {std::pair{"name", &wanted.name}, std::pair{"parent", &wanted.parent},
        std::pair{"path", &wanted.path}}) {
    if (!body.contains(member))
      continue;
    auto text = text_of(body, member);
    if (!text)
      return fail(text.error());
    *target = *std::move(text);
  }
  if (const auto unique = body.find("unique"); unique != body.end()) {
    if (!unique->is_boolean())
      return fail(errc::bad_request, "`unique` must be true or false.");
    wanted.may_differ = unique->get<bool>();
  }
  return wanted;
}

/// The folder that a body names as the one above, in which the caller may add something.
/// @param parent  id; empty: the caller's root.
result<destination> find_parent(const exchange& x, const std::string& parent) {
  if (parent.empty())
    return destination{x.asker().user, x.asker().folder};
  auto in = find_folder(x.storage(), x.asker(), parent, folder_right::add);
  if (!in)
    return fail(in.error());
  return destination{std::move(in->row.user), std::move(in->row.id)};
}

asio::awaitable<void> send_made(exchange& x, uploads::reached_folder made) {
  auto folder = find_folder(x.storage(), x.asker(), made.id, folder_right::view);
  x.add_to_answer("Location", x.options().base_path + "/v1/folders/" + made.id);
  const auto status = made.is_new ? http::status::created : http::status::ok;
  co_await send_one(x, status, std::move(folder));
}

asio::awaitable<void> send_refusal(exchange& x, error why) {
  auto a = uploads::make_folder_refusal(x, std::move(why));
  co_await x.send(std::move(a));
}

/// Removes the files in a folder and below it.
asio::awaitable<result<>> remove_files(exchange& x, const folder_row& folder) {
  storage::folder_query query;
  query.user = folder.user;
  query.folder = folder.id;
  query.with_subfolders = true;
  query.limit = removed_at_once;
  for (;;) {
    const auto page = x.storage().list_in_folder(query);
    if (!page)
      co_return fail(page.error());
    if (page->files.empty())
      co_return result<>{};
    for (const auto& file : page->files) {
      const auto gone = co_await remove_file(x.shared(), file.id);
      if (!gone && gone.error().code != errc::not_found)
        co_return fail(gone.error());
      if (gone)
        note(x, audit_act::file_deleted, file.id);
    }
  }
}

/// Removes the folders below one that have nothing in them but such folders.
asio::awaitable<result<>> remove_subfolders(exchange& x, const folder_row& folder) {
  auto below = x.storage().folders(folder.user, folder.id);
  if (!below)
    co_return fail(below.error());
  std::reverse(below->begin(), below->end());
  for (auto& one : *below) {
    storage::folder_removal removal{std::move(one.row.id)};
    const auto gone = co_await apply_change(x.shared(), std::move(removal));
    if (!gone && gone.error().code != errc::not_found)
      co_return fail(gone.error());
  }
  co_return result<>{};
}

} // namespace

asio::awaitable<void> make_folder(exchange& x) {
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  auto known = check_members(*body, {"name", "parent", "path", "unique"});
  auto wanted = known ? read_folder(*body) : fail(known.error());
  if (wanted && wanted->name.has_value() == wanted->path.has_value())
    wanted = fail(errc::bad_request, "Either `name` or `path` must say which folder is made.");
  if (wanted && wanted->path && wanted->may_differ)
    wanted = fail(errc::bad_request, "`unique` is for a `name`.");
  if (!wanted)
    co_return co_await refuse_body(x, wanted.error().detail);
  auto in = find_parent(x, wanted->parent.value_or(""));
  if (!in)
    co_return co_await x.send_problem(in.error());
  if (wanted->path) {
    auto names = names_of_path(*wanted->path);
    if (!names)
      co_return co_await send_refusal(x, names.error());
    auto reached = co_await uploads::reach_folder(x, *std::move(in), *std::move(names));
    if (!reached)
      co_return co_await send_refusal(x, reached.error());
    co_return co_await send_made(x, *std::move(reached));
  }
  storage::new_folder change{in->user, in->folder, *wanted->name, wanted->may_differ};
  auto made = co_await apply_change(x.shared(), std::move(change));
  if (!made)
    co_return co_await send_refusal(x, made.error());
  uploads::reached_folder reached{std::move(made->id), true};
  co_await send_made(x, std::move(reached));
}

asio::awaitable<void> change_folder(exchange& x) {
  const auto folder = find_folder_to_change(x.storage(), x.asker(), x.arguments.front());
  if (!folder)
    co_return co_await x.send_problem(folder.error());
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  auto known = check_members(*body, {"name", "parent"});
  auto wanted = known ? read_folder(*body) : fail(known.error());
  if (!wanted)
    co_return co_await refuse_body(x, wanted.error().detail);
  const auto line = x.storage().folders_above(folder->row.id);
  if (!line)
    co_return co_await x.send_problem(line.error());
  storage::folder_move change{folder->row.id, line->front().parent,
                              wanted->name.value_or(folder->row.name)};
  if (wanted->parent) {
    auto in = find_parent(x, *wanted->parent);
    if (in && in->user != folder->row.user)
      in = fail(errc::not_found, "a folder of another user");
    if (!in)
      co_return co_await x.send_problem(in.error());
    change.parent = std::move(in->folder);
  }
  const auto done = co_await apply_change(x.shared(), std::move(change));
  if (!done)
    co_return co_await send_refusal(x, done.error());
  co_await send_folder(x);
}

asio::awaitable<void> remove_folder(exchange& x) {
  const auto folder = find_folder_to_change(x.storage(), x.asker(), x.arguments.front());
  if (!folder)
    co_return co_await x.send_problem(folder.error());
  const auto& row = folder->row;
  result<> emptied;
  if (x.query("recursive") == "1") {
    emptied = co_await remove_files(x, row);
    if (emptied)
      emptied = co_await remove_subfolders(x, row);
  }
  if (emptied) {
    storage::folder_removal removal{row.id};
    const auto gone = co_await apply_change(x.shared(), std::move(removal));
    if (!gone)
      emptied = fail(gone.error());
  }
  if (!emptied && emptied.error().code == errc::conflict)
    co_return co_await x.send_problem(not_empty);
  if (!emptied)
    co_return co_await x.send_problem(emptied.error());
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net::folders
