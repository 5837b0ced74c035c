#include "net/folders/folder_json.hpp"

#include "base/clock.hpp"

namespace mediad::net::folders {

using nlohmann::ordered_json;

namespace {

/// Who has been granted what in the folder itself.
ordered_json grants_json(const exchange& x, const std::string& folder) {
  auto told = ordered_json::array();
  const auto all = x.storage().grants_in(folder);
  if (!all)
    return told;
  for (const auto& one : *all)
    if (const auto user = x.storage().find_user_by_id(one.user))
      told.push_back({{"user", user->name}, {"right", to_string(one.right)}});
  return told;
}

} // namespace

ordered_json folder_json(const exchange& x, const seen_folder& folder) {
  const auto& row = folder.row;
  const auto owner = x.storage().find_user_by_id(row.user);
  ordered_json told{{"id", row.id}, {"user", owner ? owner->name : ""}};
  told["parent"] = row.parent.empty() ? ordered_json{} : ordered_json(row.parent);
  told["name"] = row.name;
  told["path"] = folder.path;
  told["right"] = to_string(folder.may);
  told["grants"] = folder.may == folder_right::own ? grants_json(x, row.id) : ordered_json{};
  told["created_at"] = to_rfc3339(row.created_at);
  return told;
}

asio::awaitable<void> send_one(exchange& x, http::status status, result<seen_folder> folder) {
  if (!folder)
    co_return co_await x.send_problem(folder.error());
  auto told = folder_json(x, *folder);
  co_await x.send_json(status, told);
}

} // namespace mediad::net::folders
