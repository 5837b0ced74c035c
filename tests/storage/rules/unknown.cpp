#define CAF_SUITE storage_rules_unknown

#include "base/ulid.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/catalog/tagged.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

constexpr storage::field_tag tag = 4711;

std::string later_field(const std::string& content) {
  std::string field;
  storage::write_varint(field, tag);
  storage::write_varint(field, content.size());
  return field + content;
}

/// Records and uploads that a newer release has written fields into.
struct fixture : tests::scene {
  using lmdb_txn = storage::lmdb::write_txn;
  const std::string later = later_field("of a newer release");

  template <class Change>
  void in_tables(Change change) {
    store.reset();
    {
      auto db = storage::database::open(settings, nullptr).value();
      auto txn = db->write().value();
      storage::catalog rows{txn, db->table()};
      change(rows, txn, db->table());
      std::move(txn).commit().value();
    }
    open();
  }

  /// Writes the field into every row that hangs on the file.
  void teach(const std::string& id) {
    in_tables([&](storage::catalog& rows, lmdb_txn& txn, const storage::tables& t) {
      auto r = rows.find(id).value();
      r.unknown = later;
      txn.put(t.files, id, storage::encode(r)).value();
      auto entry = storage::catalog_entry::of(r);
      entry.unknown = later;
      txn.put(t.by_user, storage::user_key(r.user, id), storage::encode(entry)).value();
      if (auto u = rows.find_upload(id)) {
        u->unknown = later;
        txn.put(t.uploads, id, storage::encode(*u)).value();
      }
      if (auto b = rows.find_blob(r.sha256).value()) {
        b->unknown = later;
        rows.put_blob(r.sha256, *b).value();
      }
      auto u = rows.find_usage(r.user).value();
      u.unknown = later;
      rows.put_usage(r.user, u).value();
    });
  }

  std::string unknown_of_blob(const std::string& sha256) {
    std::string kept;
    in_tables([&](storage::catalog& rows, lmdb_txn&, const storage::tables&) {
      kept = rows.find_blob(sha256).value()->unknown;
    });
    return kept;
  }

  /// How many of those rows have lost it.
  int lost(const std::string& id) {
    int count = 0;
    in_tables([&](storage::catalog& rows, lmdb_txn& txn, const storage::tables& t) {
      const auto is_lost = [&](const std::string& unknown) {
        count += unknown == later ? 0 : 1;
      };
      const auto r = rows.find(id).value();
      is_lost(r.unknown);
      is_lost(storage::parse_entry(*txn.get(t.by_user, storage::user_key(r.user, id)).value())
                .value()
                .unknown);
      if (const auto u = rows.find_upload(id))
        is_lost(u->unknown);
      is_lost(rows.find_usage(r.user).value().unknown);
    });
    return count;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(unknown_tests, fixture)

CAF_TEST(a record keeps what a newer release wrote through every change of its life) {
  storage::new_upload wanted{id_of("ann"), "beach.jpg"};
  wanted.resumable = true;
  wanted.length = 4;
  const auto r = apply(wanted).value().record;
  teach(r.id);
  storage::appended a;
  a.id = r.id;
  a.offset = 2;
  write(reader().staging_path(r.id), "sand");
  apply(a).value();
  CAF_CHECK_EQUAL(lost(r.id), 0);
  apply(arrival_of(r, "sand")).value();
  CAF_CHECK_EQUAL(lost(r.id), 0);
  for (const auto to : {status::processing, status::failed, status::processing, status::cancelled,
                        status::processing}) {
    go(r.id, to).value();
    CAF_CHECK_EQUAL(lost(r.id), 0);
  }
  // A restart empties the work folders.
  go(r.id, status::processing).value();
  apply(preview_of(r.id, "preview")).value();
  CAF_CHECK_EQUAL(lost(r.id), 0);
  go(r.id, status::processing).value();
  apply(outcome_of(r.id, "sand")).value();
  CAF_CHECK_EQUAL(lost(r.id), 0);
  apply(storage::sweep{}).value();
  apply(storage::notice{id_of("ann"), "hello"}).value();
  apply(storage::user_rename{id_of("ann"), "annabel"}).value();
  CAF_CHECK_EQUAL(lost(r.id), 0);
}

CAF_TEST(a record keeps it through all that an inspection and a restored database bring) {
  const auto r = upload("ann", "beach.jpg", "sand");
  teach(r.id);
  const auto check = [&](const storage::change& c) {
    apply(c).value();
    CAF_CHECK_EQUAL(lost(r.id), 0);
    CAF_CHECK_EQUAL(unknown_of_blob(r.sha256), later);
  };
  storage::identified known;
  known.id = r.id;
  known.profile = profile::image;
  known.media_type = "image/png";
  check(known);
  CAF_CHECK_EQUAL(reader().find(r.id).value().media_type, "image/png");

  go(r.id, status::processing).value();
  apply(outcome_of(r.id, "sand")).value();
  const auto ready = reader().find(r.id).value();
  storage::lost_results gone;
  gone.id = r.id;
  gone.seq = ready.seq;
  check(gone);
  CAF_CHECK(reader().find(r.id).value().state == status::registered);

  storage::found_damage harm;
  harm.id = r.id;
  harm.what = damage::changed;
  check(harm);
  CAF_CHECK(reader().find(r.id).value().harm == damage::changed);

  storage::verified read;
  read.digests = {r.sha256};
  check(read);

  store->finish_syncs().value();
  fs::remove(original_path(r));
  storage::restored healed;
  healed.sha256 = r.sha256;
  healed.name = "healed";
  write(root() / "system/work/healed", "sand");
  CAF_CHECK_EQUAL(apply(healed).value().made, 1U);
  CAF_CHECK_EQUAL(lost(r.id), 0);
  CAF_CHECK_EQUAL(unknown_of_blob(r.sha256), later);
  CAF_CHECK(fs::exists(original_path(r)));

  check(storage::recount{});
  const auto shown = root() / "users/ann/originals/beach.jpg";
  store->finish_syncs().value();
  fs::remove(shown);
  storage::mending mends;
  mends.paths = {"users/ann/originals/beach.jpg"};
  CAF_CHECK_EQUAL(apply(mends).value().made, 1U);
  CAF_CHECK(fs::exists(shown));
  CAF_CHECK_EQUAL(lost(r.id), 0);
}

CAF_TEST(a name of a user keeps it when the user gets another) {
  const auto value_of = [&](const std::string& name) {
    std::string value;
    in_tables([&](storage::catalog&, lmdb_txn& txn, const storage::tables& t) {
      value = *txn.get(t.user_names, name).value();
    });
    return value;
  };
  const auto ann = id_of("ann");
  const auto taught = value_of("ann") + later;
  in_tables([&](storage::catalog&, lmdb_txn& txn, const storage::tables& t) {
    txn.put(t.user_names, "ann", taught).value();
  });
  apply(storage::user_rename{ann, "annabel"}).value();
  CAF_CHECK_EQUAL(reader().find_user("annabel").value(), ann);
  CAF_CHECK_EQUAL(value_of("annabel"), taught);
}

CAF_TEST(shared bytes keep it while other files come and go) {
  const auto r = upload("ann", "a", "sand");
  teach(r.id);
  const auto other = upload("bob", "b", "sand");
  apply(storage::removal{other.id}).value();
  CAF_CHECK_EQUAL(unknown_of_blob(r.sha256), later);
}

CAF_TEST(users and folders and request keys keep it through a new name) {
  const auto folder = apply(storage::new_folder{id_of("ann"), "", "2026"}).value().id;
  storage::new_upload first{id_of("ann"), "a"};
  first.key = {"key", "print", "1"};
  first.resumable = true; // or a restart would drop it
  apply(first).value();
  in_tables([&](storage::catalog& rows, lmdb_txn& txn, const storage::tables& t) {
    auto u = rows.find_user(id_of("ann")).value();
    u.unknown = later;
    rows.put_user(u).value();
    auto f = rows.find_folder(folder).value();
    f.unknown = later;
    rows.put_folder(f).value();
    auto link = *rows.find_link(id_of("ann"), "", "2026").value();
    link.unknown = later;
    txn.put(t.links, storage::link_key(id_of("ann"), "", "2026"), storage::encode(link)).value();
    auto k = *rows.find_key(id_of("ann"), "key").value();
    k.unknown = later;
    rows.put_key(id_of("ann"), "key", k).value();
  });
  apply(first).value();
  apply(storage::user_rename{id_of("ann"), "annabel"}).value();
  apply(storage::folder_move{folder, "", "2027"}).value();
  std::set<std::string> kept;
  in_tables([&](storage::catalog& rows, lmdb_txn&, const storage::tables&) {
    kept = {rows.find_user(id_of("ann")).value().unknown, rows.find_folder(folder).value().unknown,
            rows.find_link(id_of("ann"), "", "2027").value()->unknown,
            rows.find_key(id_of("ann"), "key").value()->unknown};
  });
  CAF_CHECK_EQUAL(kept, std::set<std::string>{later});
}

CAF_TEST(users and credentials keep it through every change of what they may do) {
  credential_row row;
  row.id = make_ulid();
  row.user = id_of("ann");
  row.kind = credential_kind::token;
  const auto token = apply(storage::new_credential{row}).value().id;
  in_tables([&](storage::catalog& rows, lmdb_txn&, const storage::tables&) {
    auto u = rows.find_user(id_of("ann")).value();
    u.unknown = later;
    rows.put_user(u).value();
    auto c = rows.find_credential(token).value();
    c.unknown = later;
    rows.put_credential(c).value();
  });
  storage::new_user first{"annabel", true, "ann", "Annabel", user_role::admin, 7, "a hash"};
  const auto ann = apply(first).value().id;
  storage::user_change c{ann};
  c.display_name = "Ann";
  c.password = "another hash";
  apply(c).value();
  apply(storage::credential_use{token, 1, 2, 3}).value();
  const auto of_user = reader().find_user_by_id(ann).value().unknown;
  const auto of_token = reader().find_credential(token).value().unknown;
  CAF_CHECK_EQUAL(of_user, later);
  CAF_CHECK_EQUAL(of_token, later);
}

CAF_TEST_FIXTURE_SCOPE_END()
