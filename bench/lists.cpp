// How long lists and grids take in a store that bench/fill_store has filled, of the storage alone:
//   lists [root]     the folder that was filled
// Each query is asked for a thousand pages of fifty, from all over the list; months in a grid
// whole.

#include "storage/store.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

using namespace mediad;

namespace {

using clock = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

/// Sorts and tells what all of them took.
void tell(const std::string& what, std::vector<double> took) {
  if (took.empty())
    return;
  std::sort(took.begin(), took.end());
  const auto at = [&took](std::size_t percent) {
    return took[(took.size() - 1) * percent / 100];
  };
  std::cout << std::left << std::setw(44) << what << std::right << std::fixed
            << std::setprecision(2) << std::setw(10) << at(50) << std::setw(10) << at(99)
            << std::setw(10) << took.back() << '\n';
}

template <class Work>
double time_of(Work work) {
  const auto began = clock::now();
  work();
  return milliseconds{clock::now() - began}.count();
}

void measure(const storage::view& files, const std::string& what, storage::list_query query) {
  constexpr int pages = 1'000;
  query.counts = true;
  std::vector<double> took;
  for (int i = 0; i < pages; ++i) {
    storage::list_page page;
    took.push_back(time_of([&] { page = files.list(query).value(); }));
    query.cursor = page.cursor;
  }
  tell(what, std::move(took));
}

void measure_lists(const storage::view& files, const std::string& user) {
  using storage::list_sort;
  for (const auto& [name, sort] :
       {std::pair{"created", list_sort::created}, std::pair{"taken", list_sort::taken},
        std::pair{"name", list_sort::name}, std::pair{"size", list_sort::size}}) {
    storage::list_query all;
    all.user = user;
    all.sort = sort;
    measure(files, std::string{"all by "} + name, all);
    auto tagged = all;
    tagged.tag = "tag 7";
    measure(files, std::string{"a tag by "} + name, tagged);
    auto videos = all;
    videos.profile = profile::video;
    measure(files, std::string{"videos by "} + name, videos);
    auto both = tagged;
    both.profile = profile::video;
    both.favourite = true;
    measure(files, std::string{"favourite videos with a tag by "} + name, both);
  }
}

void measure_timeline(const storage::view& files, const std::string& user) {
  std::vector<double> took;
  std::vector<storage::month_count> months;
  for (int i = 0; i < 100; ++i)
    took.push_back(time_of([&] { months = files.months(user).value(); }));
  tell("timeline of " + std::to_string(months.size()) + " months", std::move(took));
  took.clear();
  std::size_t tiles = 0;
  for (const auto& one : months) {
    const auto month = storage::parse_month(one.month).value();
    took.push_back(
      time_of([&] { tiles += files.tiles(user, month, {}, 100'000).value().tiles.size(); }));
  }
  tell("a month of " + std::to_string(tiles / std::max<std::size_t>(months.size(), 1)) + " files",
       std::move(took));
}

} // namespace

int main(int argc, char** argv) {
  storage::settings s;
  s.root = std::filesystem::absolute(argc > 1 ? argv[1] : "start-bench");
  s.min_free_bytes = 0;
  const auto files = storage::open_reader(s).value();
  const auto user = files.find_user("local").value();
  std::cout << files.find_usage(user).value().files << " files; milliseconds: median, p99, most\n";
  measure_lists(files, user);
  measure_timeline(files, user);
}
