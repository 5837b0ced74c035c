// Fills a store with many files that have arrived, quickly: for bench/start.mjs and bench/lists.
//   fill_store [files] [root]     100000 files, a folder below the working directory
// Each file has a record, an event, a blob of its own and a name in its user's folder. The rows are
// written in large transactions; the blobs are hard links to a few inodes, as a million inodes
// would take longer to make than all the rest. Their digests are made up: this is no store to
// verify.

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/catalog/database.hpp"
#include "storage/store.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t rows_at_once = 20'000;
// ext4 allows 65,000 links; each file takes two.
constexpr std::size_t files_an_inode = 30'000;
constexpr std::size_t files_a_folder = 10'000;
constexpr std::string_view bytes = "a small file";

class filler {
public:
  explicit filler(storage::settings s) : settings_{std::move(s)} {}

  void fill(std::size_t wanted) {
    {
      auto store = storage::store::open(settings_).value();
      user_ = store.user_id("local").value();
      files_ = store.reader().find_usage(user_).value().files;
      for (std::size_t n = files_ / files_a_folder; n * files_a_folder < wanted; ++n)
        folder(store, "folder " + std::to_string(n));
      store.stop().value();
    }
    const auto db = storage::database::open(settings_, nullptr).value();
    while (files_ < wanted)
      add(*db, std::min(rows_at_once, wanted - files_));
  }

private:
  /// The name of a folder is that of its number; one that is there already is as good.
  void folder(storage::store& store, const std::string& name) {
    std::vector<storage::change> group;
    group.emplace_back(storage::new_folder{user_, {}, name});
    static_cast<void>(store.apply(std::move(group)).value());
  }

  static void write(const fs::path& file) {
    auto fd = open_file(file, O_WRONLY | O_CREAT | O_EXCL, storage::stored_mode).value();
    write_all(fd.get(), bytes, 0).value();
  }

  std::string folder_id(const storage::catalog& rows, std::size_t n) const {
    const auto row = rows.find_link(user_, {}, "folder " + std::to_string(n)).value();
    return row ? row->id : std::string{};
  }

  void add(storage::database& db, std::size_t count) {
    auto txn = db.write().value();
    storage::catalog rows{txn, db.table()};
    auto seq = rows.last_seq().value();
    for (std::size_t i = 0; i < count; ++i, ++files_) {
      const auto r = record(rows, ++seq);
      place_files(r);
      rows.put(r).value();
      rows.add_blob_user(r.sha256, r.bytes).value();
      event e;
      e.seq = seq;
      e.type = "file.registered";
      e.file_id = r.id;
      e.user = r.user;
      e.at = r.created_at;
      rows.put_event(e, storage::encode(r)).value();
    }
    std::move(txn).commit().value();
    std::cerr << files_ << " files\r";
  }

  file_record record(const storage::catalog& rows, std::uint64_t seq) {
    file_record r;
    r.id = make_ulid();
    r.user = user_;
    r.user_name = "local";
    if (files_ % files_a_folder == 0 || folder_.empty())
      folder_ = folder_id(rows, files_ / files_a_folder);
    r.folder = folder_;
    r.folder_path = "folder " + std::to_string(files_ / files_a_folder);
    r.name = r.link_name = "file " + std::to_string(files_) + ".txt";
    r.media_type = "text/plain";
    r.bytes = bytes.size();
    sha256 hash;
    hash.update(r.id);
    r.sha256 = std::move(hash).hex();
    r.state = status::ready;
    r.progress = 1;
    r.attempt = 1;
    r.created_at = r.updated_at = now_ms();
    r.seq = seq;
    describe(r);
    return r;
  }

  /// Something for lists to find, the same each time: ten years, a hundred tags, some favourites.
  void describe(file_record& r) const {
    constexpr unix_ms first = 1'450'000'000'000;
    constexpr unix_ms ten_years = 315'360'000'000;
    constexpr std::size_t prime = 1'000'003;
    const auto n = files_ * prime;
    r.taken_at = first + static_cast<unix_ms>(n % static_cast<std::size_t>(ten_years));
    r.profile = n % 4 == 0 ? profile::video : profile::image;
    r.favourite = n % 97 == 0;
    r.tags = {"tag " + std::to_string(n % 100)};
  }

  void place_files(const file_record& r) {
    const auto stored = settings_.root / storage::blob_place(r.sha256).path();
    if (source_.empty() || linked_++ % files_an_inode == 0) {
      write(stored);
      source_ = stored;
    } else {
      fs::create_hard_link(source_, stored);
    }
    fs::create_hard_link(stored, settings_.root / storage::original_link(r).path());
  }

  storage::settings settings_;
  std::string user_;
  std::string folder_; ///< Id of the folder that gets the next file.
  std::size_t files_ = 0;
  std::size_t linked_ = 0;
  fs::path source_;
};

} // namespace

int main(int argc, char** argv) {
  storage::settings s;
  s.root = fs::absolute(argc > 2 ? argv[2] : "start-bench");
  s.min_free_bytes = 0;
  filler{std::move(s)}.fill(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000UL);
  std::cerr << '\n';
}
