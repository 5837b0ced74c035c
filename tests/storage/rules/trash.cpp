#define CAF_SUITE storage_rules_trash

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  result<storage::applied> trash(const std::string& id) {
    return apply(storage::trashing{id});
  }
  result<storage::applied> restore(const std::string& id) {
    return apply(storage::restoration{id});
  }
  storage::applied clear(const std::string& user = {}, std::size_t at_most = 64) {
    storage::trash_clearance c;
    c.user = user;
    c.at_most = at_most;
    return apply(c).value();
  }

  std::vector<std::string> listed(bool in_trash) const {
    storage::list_query q;
    q.user = id_of("ann");
    q.trash = in_trash;
    std::vector<std::string> ids;
    for (const auto& r : reader().list(q).value().files)
      ids.push_back(r.id);
    return ids;
  }

  std::string newest_event() const {
    const auto newest = reader().events().value().newest;
    return reader().events_after(newest - 1, 1).value().front().type;
  }

  bool is_there(const std::string& path) const {
    return fs::exists(root() / "users/ann" / path);
  }

  std::uint64_t used() const {
    return reader().find_usage(id_of("ann")).value().bytes;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trash_tests, fixture)

CAF_TEST(what is in the trash has no name and all its bytes) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto record = trash(r.id).value().record;
  CAF_CHECK(record.deleted_at > 0);
  CAF_CHECK_EQUAL(newest_event(), "file.trashed");
  CAF_CHECK(!is_there("originals/beach.jpg"));
  CAF_CHECK(!is_there("previews/beach.jpg.webp"));
  CAF_CHECK(!is_there("renditions/beach.jpg"));
  CAF_CHECK(!is_there("archives/beach.jpg.zip"));
  CAF_CHECK_EQUAL(read(original_path(r)), "sand");
  CAF_CHECK(fs::exists(preview_path(r)));
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(used(), 4u);
  CAF_CHECK(listed(false).empty());
  CAF_CHECK_EQUAL(listed(true), std::vector<std::string>{r.id});
}

CAF_TEST(a restored file is where it was with all that was made of it) {
  const auto album = apply(storage::new_folder{id_of("ann"), "", "album"}).value().id;
  const auto r = finished("ann", "beach.jpg", "sand");
  storage::file_change move;
  move.id = r.id;
  move.folder = album;
  move.tags = std::vector<std::string>{"sea"};
  apply(move).value();
  const auto before = tree();
  trash(r.id).value();
  CAF_CHECK(reader().tags(id_of("ann"), "", 10).value().tags.empty());
  open();
  const auto restored = restore(r.id).value().record;
  CAF_CHECK_EQUAL(newest_event(), "file.restored");
  CAF_CHECK_EQUAL(restored.deleted_at, 0);
  CAF_CHECK_EQUAL(restored.folder_path, "album");
  CAF_CHECK_EQUAL(tree(), before);
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(listed(false), std::vector<std::string>{r.id});
  CAF_CHECK(listed(true).empty());
  CAF_CHECK_EQUAL(reader().tags(id_of("ann"), "", 10).value().tags.size(), 1u);
}

CAF_TEST(a restored file whose name is taken stands beside the other) {
  const auto r = finished("ann", "beach.jpg", "sand");
  trash(r.id).value();
  CAF_CHECK_EQUAL(upload("ann", "beach.jpg", "more").link_name, "beach.jpg");
  CAF_CHECK_EQUAL(restore(r.id).value().record.link_name, "beach (2).jpg");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(trashing and restoring twice is once) {
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK(!restore(r.id).value().event);
  CAF_CHECK(trash(r.id).value().event);
  CAF_CHECK(!trash(r.id).value().event);
  CAF_CHECK(code_of(trash(begin("ann", "x", "y").id)) == errc::conflict);
  CAF_CHECK(code_of(trash("01ARZ3NDEKTSV4RRFFQ69G5FAV")) == errc::not_found);
}

CAF_TEST(what is processed ends when it goes to the trash) {
  const auto r = processing();
  apply(preview_of(r.id, "preview")).value();
  const auto record = trash(r.id).value().record;
  CAF_CHECK(record.state == status::cancelled);
  storage::finished_attempt late;
  late.id = r.id;
  CAF_CHECK(code_of(apply(late)) == errc::conflict);
  CAF_CHECK(reader().unfinished().value().empty());
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK(code_of(go(r.id, status::processing)) == errc::conflict);
  restore(r.id).value();
  CAF_CHECK(go(r.id, status::processing));
}

CAF_TEST(nothing is said of a file in the trash) {
  const auto r = upload("ann", "beach.jpg", "sand");
  trash(r.id).value();
  storage::file_change c;
  c.id = r.id;
  c.name = "castle.jpg";
  CAF_CHECK(code_of(apply(c)) == errc::conflict);
}

CAF_TEST(emptying the trash of one user leaves the others their own) {
  const auto mine = finished("ann", "beach.jpg", "sand");
  const auto also_mine = finished("ann", "castle.jpg", "castle");
  const auto kept = finished("ann", "dune.jpg", "dune");
  const auto theirs = finished("bob", "beach.jpg", "sand");
  for (const auto& id : {mine.id, also_mine.id, theirs.id})
    trash(id).value();
  const auto first = clear(id_of("ann"), 1);
  CAF_CHECK_EQUAL(first.removed, 1u);
  CAF_REQUIRE_EQUAL(first.others.size(), 1u);
  CAF_CHECK_EQUAL(first.others.front().type, "file.deleted");
  CAF_CHECK_EQUAL(clear(id_of("ann")).removed, 1u);
  CAF_CHECK_EQUAL(clear(id_of("ann")).removed, 0u);
  CAF_CHECK_EQUAL(used(), 4u);
  CAF_CHECK(reader().find(theirs.id));
  CAF_CHECK(reader().find(kept.id));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(what is not old enough stays in the trash) {
  const auto r = finished("ann", "beach.jpg", "sand");
  trash(r.id).value();
  CAF_CHECK_EQUAL(clear().removed, 0u);
  settings.trash_days = 0; // Not to be had as an option: as if the days had passed.
  open();
  // Strictly older than this millisecond.
  const auto until = now_ms() + 1'000;
  while (now_ms() <= find(r.id).deleted_at && now_ms() < until) {
  }
  CAF_CHECK_EQUAL(clear().removed, 1u);
  CAF_CHECK(!reader().find(r.id));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an inspection leaves the trash as it is) {
  const auto r = finished("ann", "beach.jpg", "sand");
  trash(r.id).value();
  const auto before = tree();
  const auto report = store->inspect({}).value();
  CAF_CHECK(report.is_well());
  CAF_CHECK_EQUAL(report.made_again, 0u);
  CAF_CHECK_EQUAL(tree(), before);
  fs::remove(preview_path(r));
  CAF_CHECK_EQUAL(store->inspect({}).value().made_again, 0u);
  CAF_CHECK(find(r.id).state == status::ready);
}

CAF_TEST(a key is free again once its file is in the trash) {
  storage::new_upload wanted{id_of("ann"), "beach.jpg"};
  wanted.key = {"key", "fingerprint", "request"};
  const auto r = apply(wanted).value().record;
  write(reader().staging_path(r.id), "sand");
  apply(arrival_of(r, "sand")).value();
  trash(r.id).value();
  CAF_CHECK(!reader().find_key(id_of("ann"), "key").value());
}

CAF_TEST(the trash goes with its user) {
  const auto r = finished("bob", "beach.jpg", "sand");
  trash(r.id).value();
  storage::new_user admin{"ann", true};
  admin.takes_over = "ann";
  admin.role = user_role::admin;
  admin.password = "hash of ann";
  apply(admin).value();
  apply(storage::user_removal{id_of("bob"), id_of("ann")}).value();
  CAF_CHECK_EQUAL(listed(true), std::vector<std::string>{r.id});
  restore(r.id).value();
  CAF_CHECK_EQUAL(find(r.id).folder_path, "bob");
}

CAF_TEST_FIXTURE_SCOPE_END()
