#include "net/people/audit.hpp"

#include "net/people/items.hpp"

#include <charconv>

namespace mediad::net::people {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t usual_page = 50;
constexpr std::size_t longest_page = 500;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json{} : ordered_json(text);
}

ordered_json public_json(const audit_row& row) {
  ordered_json one;
  one["id"] = row.id;
  one["at"] = to_rfc3339(row.at);
  one["act"] = row.act;
  one["user"] = nullptr;
  if (!row.user.empty())
    one["user"] = {{"id", row.user}, {"name", row.name}};
  one["credential"] = text_or_null(row.credential);
  one["address"] = text_or_null(row.address);
  one["about"] = text_or_null(row.about);
  one["count"] = row.count;
  return one;
}

/// @returns nothing unless it is a number from 1 to 500.
std::optional<std::size_t> read_limit(const exchange& x) {
  const auto text = x.query("limit");
  if (!text)
    return usual_page;
  std::size_t n = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, n);
  if (problem != std::errc{} || stop != end || n < 1 || n > longest_page)
    return std::nullopt;
  return n;
}

} // namespace

asio::awaitable<void> list_audit(exchange& x) {
  const auto limit = read_limit(x);
  if (!limit)
    co_return co_await x.send_problem(problem_of(errc::bad_request),
                                      "The parameter `limit` must be a number from 1 to 500.");
  const auto rows = x.storage().audit(x.query("cursor").value_or(""), *limit);
  if (!rows && rows.error().code == errc::bad_request)
    co_return co_await x.send_problem(problem_of(errc::bad_request),
                                      "The parameter `cursor` must be one that this server gave.");
  if (!rows)
    co_return co_await x.send_problem(rows.error());
  ordered_json told{{"items", ordered_json::array()}, {"cursor", nullptr}};
  for (const auto& one : *rows)
    told["items"].push_back(public_json(one));
  if (rows->size() == *limit)
    told["cursor"] = rows->back().id;
  co_await x.send_json(http::status::ok, told);
}

} // namespace mediad::net::people
