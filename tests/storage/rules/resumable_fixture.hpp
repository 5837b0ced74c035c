#pragma once

#include "storage/catalog/catalog.hpp"
#include "tests/storage/scene.hpp"

#include <filesystem>
#include <string>

namespace mediad::tests {

namespace fs = std::filesystem;

inline constexpr unix_ms tomorrow = 86'400'000;

/// Uploads that can be resumed, of a user ann.
struct resumable_fixture : scene {
  storage::new_upload wanted(const std::string& name, std::uint64_t length) const {
    storage::new_upload u{id_of("ann"), name};
    u.length = length;
    u.resumable = true;
    u.terms.metadata = "filename c2FuZA==,k";
    u.terms.expires_at = now_ms() + tomorrow;
    return u;
  }

  std::string create(std::uint64_t length, const std::string& name = "beach.jpg") {
    return apply(wanted(name, length)).value().record.id;
  }

  std::string create_part(std::uint64_t length) {
    auto u = wanted("part", length);
    u.terms.concat = "partial";
    return apply(u).value().record.id;
  }

  static std::string hash_of(const std::string& bytes) {
    sha256 hash;
    hash.update(bytes);
    return hash.save();
  }

  storage::appended append_of(const std::string& id, const std::string& all) const {
    write(reader().staging_path(id), all);
    storage::appended a;
    a.id = id;
    a.offset = all.size();
    a.hash = hash_of(all);
    a.expires_at = now_ms() + tomorrow;
    return a;
  }

  result<storage::applied> append(const std::string& id, const std::string& all) {
    return apply(append_of(id, all));
  }

  result<storage::applied> arrive(const std::string& id, const std::string& all) {
    write(reader().staging_path(id), all);
    file_record r;
    r.id = id;
    return apply(arrival_of(r, all));
  }

  upload_state state(const std::string& id) const {
    return reader().find_upload(id).value();
  }

  errc missing(const std::string& id) const {
    const auto found = reader().find_upload(id);
    return found ? errc{} : found.error().code;
  }

  storage::new_upload with_key(const std::string& key, const std::string& request) const {
    storage::new_upload u{id_of("ann"), "beach.jpg"};
    u.key = {key, "fingerprint", request};
    return u;
  }

  /// Every row of tables that hang on a record or an upload.
  std::size_t rows_left() {
    store.reset();
    std::size_t count = 0;
    {
      auto db = storage::database::open(settings, nullptr).value();
      auto txn = db->read().value();
      const auto& t = db->table();
      for (const auto table : {t.files, t.by_user, t.usage, t.blobs, t.unfinished, t.links,
                               t.uploads, t.expiring, t.keys, t.key_ages})
        count += txn.count(table).value();
    }
    open();
    return count;
  }
};

} // namespace mediad::tests
