#include "base/ulid.hpp"
#include "net/folders/folder_json.hpp"
#include "net/folders/folders.hpp"

#include <algorithm>
#include <charconv>

namespace mediad::net::folders {

namespace {

constexpr std::size_t max_page = 500;
constexpr std::size_t usual_page = 100;
constexpr std::string_view root_word = "root";

/// A number from 1 to max_page; 0 for anything else.
std::size_t limit_of(const exchange& x) {
  const auto text = x.query("limit");
  if (!text)
    return usual_page;
  std::size_t n = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, n);
  return problem == std::errc{} && stop == end && n <= max_page ? n : 0;
}

result<std::vector<seen_folder>> wanted_folders(const exchange& x) {
  const auto parent = x.query("parent");
  if (!parent)
    return folders_below(x.storage(), x.asker(), nullptr);
  if (*parent == root_word)
    return folders_below(x.storage(), x.asker(), nullptr, 1);
  const auto in = find_folder(x.storage(), x.asker(), *parent, folder_right::view);
  if (!in)
    return fail(in.error());
  return folders_below(x.storage(), x.asker(), &*in, 1);
}

} // namespace

asio::awaitable<void> list_folders(exchange& x) {
  const auto limit = limit_of(x);
  const std::string cursor{x.query("cursor").value_or("")};
  if (limit == 0 || (!cursor.empty() && !is_ulid(cursor)))
    co_return co_await x.send_problem(
      problem_of(errc::bad_request),
      "`limit` must be a number from 1 to 500, and `cursor` one that this server gave.");
  auto all = wanted_folders(x);
  if (!all)
    co_return co_await x.send_problem(all.error());
  // Ids never change, so a page follows the one before it whatever has happened in between.
  std::erase_if(*all, [&](const seen_folder& f) { return f.row.id <= cursor; });
  const auto count = std::min(limit, all->size());
  std::partial_sort(all->begin(), all->begin() + static_cast<std::ptrdiff_t>(count), all->end(),
                    [](const seen_folder& a, const seen_folder& b) { return a.row.id < b.row.id; });
  nlohmann::ordered_json told{{"items", nlohmann::ordered_json::array()}, {"cursor", nullptr}};
  for (std::size_t i = 0; i < count; ++i)
    told["items"].push_back(folder_json(x, all->at(i)));
  if (count < all->size())
    told["cursor"] = all->at(count - 1).row.id;
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> send_folder(exchange& x) {
  auto folder = find_folder(x.storage(), x.asker(), x.arguments.front(), folder_right::view);
  return send_one(x, http::status::ok, std::move(folder));
}

} // namespace mediad::net::folders
