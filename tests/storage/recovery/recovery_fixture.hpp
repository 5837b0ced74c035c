#pragma once

#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "tests/storage/scene.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mediad::tests {

namespace fs = std::filesystem;

inline const std::string zeros(64, '0');
inline const std::string unknown_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// A store that a test brings out of step with its folders before it is opened again.
struct recovery_fixture : scene {
  /// As a server does: what the start finds first, then all the rest.
  storage::inspection_report open() {
    scene::open();
    return inspect();
  }

  storage::inspection_report inspect(bool verifies = false) {
    storage::inspection_terms terms;
    terms.verifies = verifies;
    return store->inspect(terms).value();
  }

  void leave(const storage::place& where, const std::string& bytes) const {
    fs::create_directories(root() / where.folder);
    write(root() / where.path(), bytes);
    fs::permissions(root() / where.path(), fs::perms{0440});
  }

  /// Failed files that share the bytes of @p model and have links and nothing else.
  void add_records_like(const file_record& model, int count) const {
    auto db = storage::database::open(settings, nullptr).value();
    auto txn = db->write().value();
    storage::catalog rows{txn, db->table()};
    auto r = model;
    r.state = status::failed;
    r.preview = {};
    r.renditions.clear();
    r.archive = {};
    for (int i = 0; i < count; ++i) {
      r.id = make_ulid();
      r.link_name = r.id;
      rows.put(r).value();
      rows.add_blob_user(r.sha256, r.bytes).value();
      fs::create_hard_link(root() / storage::blob_place(r.sha256).path(),
                           root() / storage::original_link(r).path());
    }
    std::move(txn).commit().value();
  }

  /// Uploads of bob's that have some of their bytes.
  void begin_uploads(std::size_t count) {
    storage::new_upload u{id_of("bob"), "beach.jpg"};
    u.length = 100;
    u.resumable = true;
    std::vector<storage::change> appends;
    for (const auto& begun : apply_all(std::vector<storage::change>(count, u))) {
      storage::appended a;
      a.id = begun.value().record.id;
      a.offset = 4;
      write(reader().staging_path(a.id), "sand");
      appends.emplace_back(a);
    }
    for (const auto& done : apply_all(appends))
      done.value();
  }

  error refusal() {
    store.reset();
    auto opened = storage::store::open(settings);
    return opened ? error{} : opened.error();
  }
};

} // namespace mediad::tests
