#pragma once

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "storage/catalog/promises.hpp"
#include "storage/store.hpp"
#include "storage/tree/paths.hpp"
#include "tests/temp_root.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace mediad::tests {

/// An empty root, with its thousand shards made once for all tests of the process: making and
/// removing them for each would take most of the time.
inline std::filesystem::path cleared_root() {
  namespace fs = std::filesystem;
  static const temp_root shared;
  auto root = shared.path / "data";
  fs::remove_all(root / "users");
  fs::remove_all(root / "system");
  for (const auto* kind : {"blobs", "previews", "renditions", "archives"})
    for (unsigned i = 0; i < 256 && fs::exists(root / "store"); ++i)
      for (const auto& entry :
           fs::directory_iterator{root / "store" / kind / storage::shard_name(i)})
        fs::remove_all(entry.path());
  return root;
}

/// A store on a real disk, and the words to tell a story about it.
struct scene {
  storage::settings settings;
  std::optional<storage::store> store;
  std::map<std::string, std::string> users; ///< Name and id.

  scene() {
    settings.root = cleared_root();
    settings.map_bytes = std::size_t{64} << 20U;
    settings.min_free_bytes = 0;
    open();
  }

  void open() {
    store.reset();
    store.emplace(std::move(storage::store::open(settings).value()));
    for (const auto* name : {"ann", "bob", "an", "anna", "local"})
      users[name] = store->user_id(name).value();
  }

  /// The id of one of the users that there are.
  const std::string& id_of(const std::string& name) const {
    return users.at(name);
  }

  /// The name of a user by now.
  std::string named(const std::string& id) const {
    for (const auto* name : {"ann", "annabel", "bob"})
      if (const auto known = reader().find_user(name); known && *known == id)
        return name;
    return {};
  }

  storage::view reader() const {
    return store->reader();
  }

  std::filesystem::path root() const {
    return settings.root;
  }

  std::filesystem::path original_path(const file_record& r) const {
    return root() / storage::blob_place(r.sha256).path();
  }

  result<storage::applied> apply(storage::change c) {
    std::vector<storage::change> group;
    group.push_back(std::move(c));
    return std::move(store->apply(std::move(group)).value().front());
  }

  /// A new upload whose body is in staging.
  file_record begin(const std::string& user, const std::string& name, const std::string& bytes) {
    auto r = apply(storage::new_upload{id_of(user), name}).value().record;
    write(reader().staging_path(r.id), bytes);
    return r;
  }

  static storage::arrival arrival_of(const file_record& r, const std::string& bytes) {
    sha256 hash;
    hash.update(bytes);
    storage::arrival a;
    a.id = r.id;
    a.bytes = bytes.size();
    a.sha256 = std::move(hash).hex();
    a.profile = profile::image;
    a.media_type = "image/jpeg";
    a.media = R"({"width":4})";
    return a;
  }

  file_record upload(const std::string& user, const std::string& name, const std::string& bytes) {
    const auto r = begin(user, name, bytes);
    return apply(arrival_of(r, bytes)).value().record;
  }

  result<storage::applied> go(const std::string& id, status to, std::uint32_t attempt = 1) {
    storage::transition t;
    t.id = id;
    t.to = to;
    t.attempt = attempt;
    if (to == status::failed)
      t.failure = {"corrupt_media", "The file is damaged."};
    return apply(t);
  }

  /// A file of user ann in its first attempt.
  file_record processing(const std::string& name = "beach.jpg") {
    const auto r = upload("ann", name, "sand");
    return go(r.id, status::processing).value().record;
  }

  // Where what was made of a file is stored.
  std::filesystem::path preview_path(const file_record& r) const {
    return root() / storage::preview_place(r.id).path();
  }
  std::filesystem::path rendition_path(const file_record& r, const std::string& name) const {
    return root() / storage::renditions_place(r.id).path() / name;
  }
  std::filesystem::path archive_path(const file_record& r) const {
    return root() / storage::archive_place(r.id).path();
  }

  std::filesystem::path work(const std::string& id, std::uint32_t attempt = 1) const {
    return reader().work_dir(id, attempt);
  }

  /// Makes a file as a worker would, in the attempt's work folder.
  made_file make(const std::string& id, const std::string& name, const std::string& bytes,
                 std::uint32_t attempt = 1) const {
    write(work(id, attempt) / name, bytes);
    sha256 hash;
    hash.update(bytes);
    return {name, "image/webp", 32, 16, bytes.size(), std::move(hash).hex()};
  }

  storage::new_preview preview_of(const std::string& id, const std::string& bytes,
                                  std::uint32_t attempt = 1) const {
    storage::new_preview p;
    p.id = id;
    p.attempt = attempt;
    p.preview = {make(id, "preview.webp", bytes, attempt), "thumb"};
    return p;
  }

  /// An archive that leaves out the original and w640.webp of outcome_of().
  storage::finished_attempt spliced_outcome(const file_record& r, const std::string& bytes) const {
    auto o = outcome_of(r.id, bytes);
    o.splices = {{2, "", r.bytes}, {3, "w640.webp", bytes.size() + 3}};
    return o;
  }

  storage::finished_attempt outcome_of(const std::string& id, const std::string& bytes,
                                       std::uint32_t attempt = 1) const {
    storage::finished_attempt o;
    o.id = id;
    o.attempt = attempt;
    o.renditions = {make(id, "w640.webp", bytes + "640", attempt),
                    make(id, "w320.webp", bytes + "320", attempt)};
    o.archive = make(id, "archive.zip", bytes + "zip", attempt);
    return o;
  }

  /// Uploaded, processed once, ready.
  file_record finished(const std::string& user, const std::string& name, const std::string& bytes) {
    const auto r = upload(user, name, bytes);
    go(r.id, status::processing).value();
    apply(preview_of(r.id, bytes + "preview")).value();
    return apply(outcome_of(r.id, bytes)).value().record;
  }

  file_record find(const std::string& id) const {
    return reader().find(id).value();
  }

  /// The types of all events, in order, one line each: `1 file.registered`.
  std::string history() const {
    std::ostringstream text;
    for (const auto& e : reader().events_after(0, 10'000).value())
      text << e.seq << ' ' << e.type << '\n';
    return text.str();
  }

  std::vector<result<storage::applied>> apply_all(std::vector<storage::change> group) {
    return store->apply(std::move(group)).value();
  }

  /// Every file, link and folder below the root that is not part of the fixed layout, relative to
  /// the root; without the database, its lock and the notes of steps.
  std::set<std::string> tree() const {
    store->finish_syncs().value();
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root()}) {
      const auto relative = entry.path().lexically_relative(root());
      const auto depth = std::distance(relative.begin(), relative.end());
      const bool layout = entry.is_directory() && !entry.is_symlink()
                          && depth <= (*relative.begin() == "system" ? 2 : 3);
      const auto text = relative.string();
      if (!layout && text.rfind("system/db/", 0) != 0 && text != "system/lock"
          && text != "system/steps")
        found.insert(text);
    }
    return found;
  }

  /// What tree() must be when nothing is going on: what the records promise, and no more.
  std::set<std::string> promised() const {
    std::set<std::string> all;
    for (const auto* user : {"ann", "bob"}) {
      for (const bool trash : {false, true}) {
        storage::list_query q;
        q.user = id_of(user);
        q.trash = trash;
        q.limit = 500;
        do {
          const auto page = reader().list(q).value();
          for (const auto& r : page.files)
            promise(r, all);
          q.cursor = page.cursor;
        } while (!q.cursor.empty());
      }
      const auto name = named(id_of(user));
      for (const auto& f : reader().folders(id_of(user)).value())
        for (const auto kind : storage::user_folders)
          all.insert(storage::user_folder(name, kind, f.path));
    }
    return all;
  }

  static void promise(const file_record& r, std::set<std::string>& all) {
    if (r.state == status::receiving) {
      all.insert(storage::staging_place(r.id).path());
      return;
    }
    all.insert(storage::blob_place(r.sha256).path());
    if (storage::has_names(r))
      all.insert(storage::original_link(r).path());
    for (const auto& one : storage::made_places(r).value()) {
      all.insert(one.stored.path());
      if (one.shown)
        all.insert(one.shown->path());
    }
    if (!r.renditions.empty()) {
      all.insert(storage::renditions_place(r.id).path());
      if (storage::has_names(r))
        all.insert(storage::renditions_link(r).path());
    }
  }

  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
  }

  static std::string read(const std::filesystem::path& file) {
    return read_file(file, std::size_t{1} << 20U).value();
  }
};

template <class T>
errc code_of(const result<T>& r) {
  return r ? errc{} : r.error().code;
}

} // namespace mediad::tests
