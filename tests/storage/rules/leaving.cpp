#define CAF_SUITE storage_rules_leaving

#include "tests/storage/rules/accounts_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

/// ann is an admin who signs in; bob has files, and leaves.
struct fixture : tests::accounts_fixture {
  fixture() {
    made(admin("ann"));
    give_password(id_of("bob"), "hash of bob").value();
  }

  std::string bob() const {
    return id_of("bob");
  }
  result<storage::applied> leave(const std::string& id, const std::string& heir = {}) {
    return apply(storage::user_removal{id, heir});
  }
  /// How many changes it took until nobody was leaving.
  int clear(std::size_t at_most = 64) {
    int count = 0;
    while (apply(storage::user_clearance{at_most}).value().removed > 0)
      ++count;
    return count;
  }
  std::string owner_of(const std::string& file) const {
    return find(file).user;
  }
  std::string path_of(const std::string& file) const {
    return find(file).folder_path;
  }
  bool is_user(const std::string& id) const {
    return reader().find_user_by_id(id).has_value();
  }
  storage::usage used_by(const std::string& id) const {
    return reader().find_usage(id).value();
  }
  std::string folder_of(const std::string& user, const std::string& name) {
    return apply(storage::new_folder{user, {}, name}).value().id;
  }
  file_record upload_into(const std::string& folder, const std::string& name,
                          const std::string& bytes) {
    storage::new_upload wanted{bob(), name};
    wanted.folder = folder;
    const auto r = apply(wanted).value().record;
    write(reader().staging_path(r.id), bytes);
    return apply(arrival_of(r, bytes)).value().record;
  }
  file_record resumable(const std::string& name, std::uint64_t length) {
    storage::new_upload wanted{bob(), name};
    wanted.resumable = true;
    wanted.length = length;
    wanted.terms.expires_at = now_ms() + 86'400'000;
    return apply(wanted).value().record;
  }
  std::size_t events_of(const std::string& user) const {
    std::size_t count = 0;
    for (const auto& e : reader().events_after(0, 10'000).value())
      count += e.user == user ? 1 : 0;
    return count;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(leaving_tests, fixture)

CAF_TEST(the only admin cannot be removed and neither can who has no accounts beside) {
  CAF_CHECK(code_of(leave(id_of("ann"))) == errc::conflict);
  CAF_CHECK(code_of(leave(id_of("ann"), bob())) == errc::conflict);
  CAF_CHECK(is_user(id_of("ann")));
  CAF_REQUIRE(give_role(bob(), user_role::admin));
  CAF_CHECK(leave(id_of("ann")));
}

CAF_TEST(nobody is removed as long as nobody signs in) {
  settings.root = tests::cleared_root();
  store.reset();
  fs::remove_all(root() / "system");
  open();
  CAF_REQUIRE(!reader().wants_sign_in().value());
  CAF_CHECK(code_of(leave(id_of("bob"))) == errc::conflict);
}

CAF_TEST(one who leaves can do nothing any more before the files are gone) {
  const auto token = token_of(bob());
  const auto session = session_of(bob());
  finished("bob", "beach.jpg", "sand");
  CAF_REQUIRE(leave(bob()));
  CAF_CHECK(!is_there(token));
  CAF_CHECK(!is_there(session));
  CAF_CHECK(!row_of(bob()).may_sign_in());
  CAF_CHECK(code_of(apply(storage::new_upload{bob(), "x.jpg"})) == errc::not_found);
  CAF_CHECK(code_of(apply(credential_of(bob(), credential_kind::token))) == errc::not_found);
  CAF_CHECK(code_of(disable(bob(), false)) == errc::not_found);
  CAF_CHECK(code_of(give_password(bob(), "another")) == errc::not_found);
  CAF_CHECK(code_of(apply(storage::user_rename{bob(), "bert"})) == errc::not_found);
  CAF_CHECK(code_of(apply(storage::new_folder{bob(), {}, "x"})) == errc::not_found);
  CAF_CHECK(code_of(leave(bob(), id_of("ann"))) == errc::conflict);
  CAF_CHECK(leave(bob()));
}

CAF_TEST(of a removed user nothing is left but bytes that others have) {
  const auto shared = finished("ann", "dune.jpg", "shared");
  const auto before = tree();
  finished("bob", "beach.jpg", "sand");
  upload("bob", "again.jpg", "shared");
  const auto trip = folder_of(bob(), "trip");
  upload_into(trip, "sea.jpg", "waves");
  const auto open_upload = resumable("later.jpg", 8);
  write(root() / "users/bob/originals/mine.txt", "a note of the person's");
  CAF_REQUIRE(leave(bob()));
  CAF_CHECK_EQUAL(clear(2), 3);
  CAF_CHECK(!is_user(bob()));
  CAF_CHECK(code_of(reader().find_user("bob")) == errc::not_found);
  CAF_CHECK_EQUAL(tree(), before);
  CAF_CHECK(!fs::exists(root() / "users/bob"));
  CAF_CHECK_EQUAL(read(original_path(shared)), "shared");
  CAF_CHECK(code_of(reader().find_upload(open_upload.id)) == errc::not_found);
  CAF_CHECK(used_by(bob()).is_nothing());
  CAF_CHECK_EQUAL(events_of(bob()), 0u);
  CAF_CHECK(reader().folders(bob()).value().empty());
  CAF_CHECK(reader().unjoined().value().empty());
}

CAF_TEST(somebody else can have the name afterwards and finds nothing) {
  finished("bob", "beach.jpg", "sand");
  CAF_REQUIRE(leave(bob()));
  CAF_CHECK(code_of(apply(account("bob"))) == errc::conflict);
  clear();
  const auto other = made(account("bob"));
  CAF_CHECK(other != bob());
  storage::list_query q;
  q.user = other;
  CAF_CHECK(reader().list(q).value().files.empty());
}

CAF_TEST(a start finishes a removal that has begun) {
  for (const auto* name : {"a.jpg", "b.jpg", "c.jpg"})
    finished("bob", name, name);
  CAF_REQUIRE(leave(bob()));
  const auto first = apply(storage::user_clearance{1}).value();
  CAF_REQUIRE_EQUAL(first.removed, 1u);
  const auto gone = bob();
  open();
  CAF_CHECK(!is_user(gone));
  CAF_CHECK(id_of("bob") != gone);
  storage::list_query q;
  q.user = gone;
  CAF_CHECK(reader().list(q).value().files.empty());
}

CAF_TEST(the heir gets all in a folder of the name) {
  const auto r = finished("bob", "beach.jpg", "sand");
  const auto trip = folder_of(bob(), "trip");
  const auto deep = apply(storage::new_folder{bob(), trip, "day one"}).value().id;
  const auto sea = upload_into(deep, "sea.jpg", "waves");
  const auto open_upload = resumable("later.jpg", 8);
  write(root() / "users/bob/originals/mine.txt", "a note of the person's");
  const auto ann = id_of("ann");
  const auto before = used_by(bob());
  const auto done = leave(bob(), ann);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->removed, 3u);

  CAF_CHECK(!is_user(bob()));
  const auto now = find(r.id);
  CAF_CHECK_EQUAL(now.user, ann);
  CAF_CHECK_EQUAL(now.folder_path, "bob");
  CAF_CHECK_EQUAL(path_of(sea.id), "bob/trip/day one");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/bob/beach.jpg"), "sand");
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/bob/beach.jpg/w640.webp"), "sand640");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/bob/mine.txt"), "a note of the person's");
  CAF_CHECK(!fs::exists(root() / "users/bob"));
  const auto after = used_by(ann);
  CAF_CHECK(after == before);
  const auto state = reader().find_upload(open_upload.id).value();
  CAF_CHECK_EQUAL(state.user, ann);
  fs::remove(root() / "users/ann/originals/bob/mine.txt");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(what was handed over goes on and goes away as the own) {
  const auto r = finished("bob", "beach.jpg", "sand");
  const auto trip = folder_of(bob(), "trip");
  upload_into(trip, "sea.jpg", "waves");
  const auto open_upload = resumable("later.jpg", 4);
  const auto ann = id_of("ann");
  CAF_REQUIRE(leave(bob(), ann));
  write(reader().staging_path(open_upload.id), "dune");
  CAF_REQUIRE(apply(arrival_of(open_upload, "dune")));
  CAF_CHECK(fs::exists(root() / "users/ann/originals/bob/later.jpg"));
  CAF_REQUIRE(apply(storage::folder_move{trip, {}, "sea trip"}));
  CAF_CHECK(fs::exists(root() / "users/ann/originals/sea trip/sea.jpg"));
  CAF_REQUIRE(apply(storage::removal{r.id}));
  CAF_CHECK_EQUAL(tree(), promised());
  const auto used = used_by(ann);
  CAF_CHECK_EQUAL(used.files, 2u);
  const auto report = store->inspect({});
  CAF_REQUIRE(report);
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a name that the heir has already gets a number on disk as well) {
  upload("ann", "bob", "a file called bob");
  write(root() / "users/ann/previews/bob (2)", "a note of the person's");
  const auto r = finished("bob", "beach.jpg", "sand");
  CAF_REQUIRE(leave(bob(), id_of("ann")));
  CAF_CHECK_EQUAL(path_of(r.id), "bob (3)");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/bob (3)/beach.jpg"), "sand");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/bob"), "a file called bob");
}

CAF_TEST(the heir is told and sees nothing of the events before) {
  finished("bob", "beach.jpg", "sand");
  const auto done = leave(bob(), id_of("ann"));
  CAF_REQUIRE(done);
  CAF_REQUIRE(done->event);
  CAF_CHECK_EQUAL(done->event->type, "notice");
  CAF_CHECK_EQUAL(done->event->user, id_of("ann"));
  CAF_CHECK(done->event->message.find("bob") != std::string::npos);
  CAF_CHECK_EQUAL(events_of(bob()), 0u);
  CAF_CHECK_EQUAL(events_of(id_of("ann")), 1u);
}

CAF_TEST(of the events of one who has left the numbers alone are left) {
  finished("ann", "beach.jpg", "sand");
  finished("bob", "secret.jpg", "waves");
  const auto before = reader().events_after(0, 10'000).value().size();
  CAF_REQUIRE(leave(bob()));
  clear(100);
  const auto left = reader().events_after(0, 10'000).value();
  CAF_REQUIRE_EQUAL(left.size(), before);
  std::size_t gone = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    CAF_CHECK_EQUAL(left[i].seq, i + 1);
    if (left[i].user == id_of("ann"))
      continue;
    ++gone;
    CAF_CHECK_EQUAL(left[i].user, "-");
    CAF_CHECK(left[i].at > 0);
    CAF_CHECK_EQUAL(left[i].file_id, "");
    CAF_CHECK_EQUAL(left[i].file.name, "");
  }
  CAF_CHECK(gone > 0);
}

CAF_TEST(an heir must be another user who stays) {
  const auto r = finished("bob", "beach.jpg", "sand");
  CAF_CHECK(code_of(leave(bob(), bob())) == errc::conflict);
  CAF_CHECK(code_of(leave(bob(), make_ulid())) == errc::not_found);
  CAF_REQUIRE(leave(id_of("anna")));
  CAF_CHECK(code_of(leave(bob(), id_of("anna"))) == errc::not_found);
  CAF_CHECK_EQUAL(owner_of(r.id), bob());
  CAF_CHECK_EQUAL(read(root() / "users/bob/originals/beach.jpg"), "sand");
}

CAF_TEST(folders that would be too deep are not handed over) {
  std::string parent;
  for (std::size_t i = 0; i < storage::max_folder_depth; ++i)
    parent = apply(storage::new_folder{bob(), parent, "d"}).value().id;
  CAF_CHECK(code_of(leave(bob(), id_of("ann"))) == errc::conflict);
  CAF_CHECK(is_user(bob()));
  CAF_CHECK(row_of(bob()).may_sign_in());
}

CAF_TEST(a key that a request had is free afterwards and others keep theirs) {
  const auto with_key = [&](const std::string& user, const std::string& name) {
    storage::new_upload u{user, name};
    u.key = {"one", "a print", name};
    return apply(u).value().record;
  };
  const auto mine = with_key(id_of("ann"), "mine.jpg");
  const auto given = with_key(bob(), "given.jpg");
  CAF_REQUIRE(leave(bob(), id_of("ann")));
  CAF_CHECK(!reader().find_key(bob(), "one").value());
  CAF_REQUIRE(apply(storage::removal{given.id}));
  const auto kept = reader().find_key(id_of("ann"), "one").value();
  CAF_REQUIRE(kept);
  CAF_CHECK_EQUAL(kept->files.front(), mine.id);
}

CAF_TEST_FIXTURE_SCOPE_END()
