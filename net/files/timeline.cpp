#include "net/files/timeline.hpp"

#include "net/files/parameters.hpp"
#include "net/http/asked.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace mediad::net {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t max_files = 100'000;

/// With three digits behind the point: more would tell a grid nothing.
ordered_json rounded(double number) {
  return std::round(number * 1'000) / 1'000;
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json{} : ordered_json(text);
}

/// One list for each column, so that like stands by like and is packed well.
ordered_json columns_of(const storage::tile_page& page) {
  ordered_json told;
  for (const auto* name : {"id", "ratio", "thumbhash", "kind", "duration", "folder"})
    told[name] = ordered_json::array();
  for (const auto& one : page.tiles) {
    const bool has_preview = one.width > 0 && one.height > 0;
    told["id"].push_back(one.id);
    told["ratio"].push_back(has_preview ? rounded(double{1} * one.width / one.height)
                                        : ordered_json{});
    told["thumbhash"].push_back(text_or_null(one.thumbhash));
    told["kind"].push_back(to_string(one.profile));
    told["duration"].push_back(
      one.duration_ms > 0 ? rounded(static_cast<double>(one.duration_ms) / 1'000) : ordered_json{});
    told["folder"].push_back(text_or_null(one.folder));
  }
  return told;
}

} // namespace

asio::awaitable<void> send_months(exchange& x) {
  if (auto refused = refuse_bounded(x))
    co_return co_await x.send(std::move(*refused));
  const auto months = x.storage().months(x.asker().user);
  if (!months)
    co_return co_await x.send_problem(months.error());
  ordered_json told;
  told["items"] = ordered_json::array();
  for (auto one = months->rbegin(); one != months->rend(); ++one) {
    ordered_json month;
    month["month"] = one->month;
    month["files"] = one->files;
    told["items"].push_back(std::move(month));
  }
  told["cursor"] = nullptr;
  co_await x.send_json(http::status::ok, told);
}

asio::awaitable<void> send_month(exchange& x) {
  if (auto refused = refuse_bounded(x))
    co_return co_await x.send(std::move(*refused));
  const auto& name = x.arguments.front();
  const auto month = storage::parse_month(name);
  if (!month)
    co_return co_await x.send_problem(problem_of(errc::not_found),
                                      "A month is written as 2026-11.");
  const auto cursor = x.query("cursor").value_or("");
  const auto page = x.storage().tiles(x.asker().user, *month, cursor, max_files);
  if (!page && page.error().code == errc::bad_request)
    co_return co_await refuse_parameter(x, wrong_cursor);
  if (!page)
    co_return co_await x.send_problem(page.error());
  ordered_json told;
  told["month"] = name;
  told.update(columns_of(*page));
  told["cursor"] = text_or_null(page->cursor);
  co_await x.send_json(http::status::ok, told);
}

} // namespace mediad::net
