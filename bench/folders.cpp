// How long it takes to rename a folder with many files while uploads go on.
//   folders [files] [root]     100000 files, a folder below the working directory
// Uploads go into the folder in groups of 64, as the storage's owner makes them; every tenth group
// also renames the folder. Prints the medians and maxima of groups with a renaming and without.

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "storage/store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

using namespace mediad;

namespace {

constexpr std::size_t group_size = 64;
constexpr std::size_t measured_groups = 200;
constexpr std::size_t groups_a_rename = 10;

class folder_of_files {
public:
  explicit folder_of_files(const std::filesystem::path& root) : store_{open(root)} {
    user_ = store_.user_id("bench").value();
    folder_ = one(storage::new_folder{user_, {}, "folder 0"}).id;
  }

  /// Uploads one group; @p name is the folder's new name, if it is to have one.
  std::chrono::microseconds add_group(const std::string& name = {}) {
    std::vector<storage::change> begun;
    for (std::size_t i = 0; i < group_size; ++i) {
      storage::new_upload u{user_, "file " + std::to_string(files_ + i)};
      u.folder = folder_;
      begun.emplace_back(std::move(u));
    }
    std::vector<storage::change> group;
    for (const auto& done : store_.apply(std::move(begun)).value())
      group.emplace_back(arrival_of(done.value().record));
    if (!name.empty())
      group.insert(group.begin() + group_size / 2, storage::folder_move{folder_, {}, name});
    files_ += group_size;
    const auto start = std::chrono::steady_clock::now();
    for (const auto& done : store_.apply(std::move(group)).value())
      static_cast<void>(done.value());
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now()
                                                                 - start);
  }

  /// A renaming alone.
  std::chrono::microseconds rename(const std::string& name) {
    const auto start = std::chrono::steady_clock::now();
    one(storage::folder_move{folder_, {}, name});
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now()
                                                                 - start);
  }

  std::size_t files() const {
    return files_;
  }

private:
  static storage::store open(const std::filesystem::path& root) {
    storage::settings s;
    s.root = root;
    s.min_free_bytes = 0;
    return storage::store::open(s).value();
  }

  storage::applied one(storage::change c) {
    std::vector<storage::change> group;
    group.push_back(std::move(c));
    return std::move(store_.apply(std::move(group)).value().front()).value();
  }

  storage::arrival arrival_of(const file_record& r) const {
    auto fd = open_file(store_.reader().staging_path(r.id), O_WRONLY).value();
    write_all(fd.get(), r.name, 0).value();
    sha256 hash;
    hash.update(r.name);
    storage::arrival a;
    a.id = r.id;
    a.bytes = r.name.size();
    a.sha256 = std::move(hash).hex();
    return a;
  }

  storage::store store_;
  std::string user_;
  std::string folder_;
  std::size_t files_ = 0;
};

void report(const char* what, std::vector<std::chrono::microseconds> all) {
  std::sort(all.begin(), all.end());
  const auto ms = [](std::chrono::microseconds t) {
    return static_cast<double>(t.count()) / 1000;
  };
  std::cout << std::left << std::setw(34) << what << std::fixed << std::setprecision(2)
            << " median " << ms(all[all.size() / 2]) << " ms, most " << ms(all.back()) << " ms\n";
}

} // namespace

int main(int argc, char** argv) {
  const auto wanted = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000UL;
  const std::filesystem::path root = argc > 2 ? argv[2] : "folders-bench";
  folder_of_files f{root};
  while (f.files() < wanted)
    f.add_group();
  std::cout << f.files() << " files in one folder\n";
  std::vector<std::chrono::microseconds> alone;
  for (std::size_t i = 0; i < measured_groups / groups_a_rename; ++i)
    alone.push_back(f.rename("alone " + std::to_string(i)));
  std::vector<std::chrono::microseconds> with;
  std::vector<std::chrono::microseconds> without;
  for (std::size_t i = 0; i < measured_groups; ++i) {
    const bool renames = i % groups_a_rename == 0;
    const auto took = f.add_group(renames ? "folder " + std::to_string(i) : std::string{});
    (renames ? with : without).push_back(took);
  }
  report("a renaming alone", alone);
  report("64 uploads", without);
  report("64 uploads and a renaming", with);
}
