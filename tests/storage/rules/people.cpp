#define CAF_SUITE storage_rules_people

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  result<storage::applied> make(const std::string& name, const std::string& parent = "",
                                const std::string& user = "ann") {
    return apply(storage::new_folder{id_of(user), parent, name});
  }
  std::string made(const std::string& name, const std::string& parent = "") {
    return make(name, parent).value().id;
  }
  result<storage::applied> move(const std::string& id, const std::string& parent,
                                const std::string& name) {
    return apply(storage::folder_move{id, parent, name});
  }

  file_record upload_into(const std::string& folder, const std::string& name,
                          const std::string& bytes) {
    storage::new_upload u{id_of("ann"), name};
    u.folder = folder;
    const auto r = apply(u).value().record;
    write(reader().staging_path(r.id), bytes);
    return apply(arrival_of(r, bytes)).value().record;
  }
  file_record finished_in(const std::string& folder, const std::string& name,
                          const std::string& bytes) {
    const auto r = upload_into(folder, name, bytes);
    go(r.id, status::processing).value();
    apply(preview_of(r.id, bytes + "preview")).value();
    return apply(outcome_of(r.id, bytes)).value().record;
  }

  /// Folders of ann's, relative to hers, in each of the four places.
  std::set<std::string> with_folders(std::initializer_list<const char*> paths,
                                     const std::string& user = "ann") const {
    auto all = promised();
    for (const auto* path : paths)
      for (const auto kind : storage::user_folders)
        all.insert(storage::user_folder(user, kind, path));
    return all;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(people_tests, fixture)

CAF_TEST(a user has an id that a new name does not change) {
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK_EQUAL(r.user, id_of("ann"));
  CAF_CHECK_EQUAL(r.user_name, "ann");
  CAF_REQUIRE(apply(storage::user_rename{id_of("ann"), "annabel"}));
  const auto after = find(r.id);
  CAF_CHECK_EQUAL(after.user, r.user);
  CAF_CHECK_EQUAL(after.user_name, "annabel");
  CAF_CHECK_EQUAL(read(root() / "users/annabel/originals/beach.jpg"), "sand");
  CAF_CHECK(!fs::exists(root() / "users/ann"));
  CAF_CHECK_EQUAL(reader().find_user("annabel").value(), id_of("ann"));
  CAF_CHECK(!reader().find_user("ann"));
  CAF_CHECK_EQUAL(tree(), promised());
  upload("ann", "beach.jpg", "more sand");
  CAF_CHECK_EQUAL(read(root() / "users/annabel/originals/beach (2).jpg"), "more sand");
}

CAF_TEST(two users cannot have one name) {
  CAF_CHECK(code_of(apply(storage::user_rename{id_of("ann"), "bob"})) == errc::conflict);
  CAF_CHECK(code_of(apply(storage::user_rename{id_of("ann"), "Not a name"})) == errc::bad_request);
  CAF_CHECK(code_of(apply(storage::user_rename{id_of("ann").substr(1), "x"})) == errc::not_found);
  CAF_CHECK_EQUAL(apply(storage::new_user{"ann"}).value().id, id_of("ann"));
  fs::create_directories(root() / "users/taken");
  upload("ann", "beach.jpg", "sand");
  CAF_CHECK(code_of(apply(storage::user_rename{id_of("ann"), "taken"})) == errc::conflict);
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/beach.jpg"), "sand");
}

CAF_TEST(a folder is in all four places and so is what is in it) {
  const auto year = made("2026");
  const auto summer = made("summer", year);
  const auto r = finished_in(summer, "beach.jpg", "sand");
  CAF_CHECK_EQUAL(r.folder, summer);
  CAF_CHECK_EQUAL(r.folder_path, "2026/summer");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/2026/summer/beach.jpg"), "sand");
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/2026/summer/beach.jpg/w640.webp"), "sand640");
  CAF_CHECK_EQUAL(tree(), with_folders({"2026", "2026/summer"}));
  open();
  CAF_CHECK_EQUAL(tree(), with_folders({"2026", "2026/summer"}));
}

CAF_TEST(names belong to one folder alone and their case is none) {
  const auto year = made("2026");
  CAF_CHECK(code_of(make("2026")) == errc::conflict);
  CAF_CHECK(make("2026", year));
  CAF_CHECK(make("2026", "", "bob"));
  made("Summer");
  CAF_CHECK(code_of(make("SUMMER")) == errc::conflict);
  CAF_CHECK_EQUAL(upload("ann", "summer", "x").link_name, "summer (2)");
  CAF_CHECK_EQUAL(upload("ann", "Beach.jpg", "x").link_name, "Beach.jpg");
  CAF_CHECK_EQUAL(upload("ann", "beach.JPG", "x").link_name, "beach (2).JPG");
  CAF_CHECK(code_of(make("beach.jpg")) == errc::conflict);
  CAF_CHECK_EQUAL(upload_into(year, "beach.jpg", "x").link_name, "beach.jpg");
}

CAF_TEST(a folder does not take the place of what is made of a file) {
  finished("ann", "a", "sand");
  CAF_CHECK(code_of(make("a.webp")) == errc::conflict);
  CAF_CHECK(code_of(make("a.zip")) == errc::conflict);
  made("b.webp");
  CAF_CHECK_EQUAL(upload("ann", "b", "sand").link_name, "b (2)");
}

CAF_TEST(what a person put there is left alone) {
  upload("ann", "first", "x");
  write(root() / "users/ann/originals/mine", "own");
  CAF_CHECK(code_of(make("mine")) == errc::conflict);
  fs::create_directories(root() / "users/ann/originals/theirs");
  const auto folder = made("ours");
  CAF_CHECK(code_of(move(folder, "", "theirs")) == errc::conflict);
  CAF_CHECK(code_of(move(folder, "", "mine")) == errc::conflict);
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/mine"), "own");
  CAF_CHECK(fs::exists(root() / "users/ann/previews/ours"));
}

CAF_TEST(a folder that is renamed or moved takes with it what is in it) {
  const auto year = made("2026");
  const auto summer = made("summer", year);
  const auto r = finished_in(summer, "beach.jpg", "sand");
  const auto before = find(r.id).updated_at;
  CAF_REQUIRE(move(summer, year, "Summer"));
  CAF_REQUIRE(move(year, "", "archive"));
  CAF_CHECK_EQUAL(find(r.id).folder_path, "archive/Summer");
  CAF_CHECK_EQUAL(find(r.id).updated_at, before);
  CAF_CHECK_EQUAL(tree(), with_folders({"archive", "archive/Summer"}));
  CAF_REQUIRE(move(summer, "", "best"));
  CAF_CHECK_EQUAL(read(root() / "users/ann/previews/best/beach.jpg.webp"), "sandpreview");
  CAF_CHECK_EQUAL(tree(), with_folders({"archive", "best"}));
  open();
  CAF_CHECK_EQUAL(tree(), with_folders({"archive", "best"}));
  CAF_CHECK(make("summer", year));
  apply(storage::removal{r.id}).value();
  CAF_CHECK_EQUAL(tree(), with_folders({"archive", "archive/summer", "best"}));
}

CAF_TEST(a folder does not move into itself) {
  const auto a = made("a");
  const auto b = made("b", a);
  const auto c = made("c", b);
  CAF_CHECK(code_of(move(a, a, "x")) == errc::conflict);
  CAF_CHECK(code_of(move(a, c, "x")) == errc::conflict);
  CAF_CHECK(move(c, a, "x"));
  CAF_CHECK(move(c, a, "x"));
}

CAF_TEST(folders are at most fifty deep) {
  std::string parent;
  std::string fortieth;
  for (int depth = 1; depth <= 50; ++depth) {
    parent = made("d", parent);
    if (depth == 40)
      fortieth = parent;
  }
  CAF_CHECK(code_of(make("d", parent)) == errc::too_large);
  const auto top = made("top");
  const auto below = made("below", top);
  made("last", below);
  CAF_CHECK(code_of(move(top, parent, "top")) == errc::too_large);
  CAF_CHECK(code_of(move(fortieth, below, "d")) == errc{});
  upload_into(parent, "deep.jpg", "sand");
}

CAF_TEST(a path has an end) {
  std::string parent;
  result<storage::applied> last = fail(errc::internal, "");
  int depth = 0;
  do {
    last = make(std::string(240, 'x'), parent);
    if (last)
      parent = last->id;
  } while (last && ++depth < 50);
  CAF_CHECK(code_of(last) == errc::too_large);
  CAF_CHECK_EQUAL(upload_into(parent, std::string(236, 'y') + ".jpg", "sand").link_name.size(),
                  240u);
}

CAF_TEST(folders of others and those that are none are not found) {
  const auto bobs = make("his", "", "bob").value().id;
  const auto anns = made("hers");
  CAF_CHECK(code_of(make("x", bobs)) == errc::not_found);
  CAF_CHECK(code_of(make("x", "01ARZ3NDEKTSV4RRFFQ69G5FAV")) == errc::not_found);
  CAF_CHECK(code_of(move(anns, bobs, "x")) == errc::not_found);
  CAF_CHECK(code_of(move("01ARZ3NDEKTSV4RRFFQ69G5FAV", "", "x")) == errc::not_found);
  storage::new_upload u{id_of("ann"), "x"};
  u.folder = bobs;
  CAF_CHECK(code_of(apply(u)) == errc::not_found);
  u.folder.clear();
  u.user = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  CAF_CHECK(code_of(apply(u)) == errc::not_found);
}

CAF_TEST(a renaming that fails with its group leaves everything where it was) {
  const auto folder = made("2026");
  const auto r = finished_in(folder, "beach.jpg", "sand");
  const auto done = apply_all({storage::removal{r.id}, storage::folder_move{folder, "", "old"},
                               storage::removal{"01ARZ3NDEKTSV4RRFFQ69G5FAV"},
                               storage::folder_move{folder, "", "older"}});
  CAF_CHECK(done.at(0) && done.at(1) && !done.at(2) && done.at(3));
  CAF_CHECK_EQUAL(tree(), with_folders({"older"}));
}

CAF_TEST(uploads and a renaming of their folder may share a group) {
  const auto folder = made("2026");
  storage::new_upload u{id_of("ann"), "beach.jpg"};
  u.folder = folder;
  const auto a = apply(u).value().record;
  const auto b = apply(u).value().record;
  for (const auto& r : {a, b})
    write(reader().staging_path(r.id), "sand");
  const auto done = apply_all(
    {arrival_of(a, "sand"), storage::folder_move{folder, "", "later"}, arrival_of(b, "sand")});
  CAF_CHECK(done.at(0) && done.at(1) && done.at(2));
  CAF_CHECK_EQUAL(tree(), with_folders({"later"}));
}

CAF_TEST(a renaming that a killed server had begun is taken back and one that it had committed is
           finished) {
  const auto folder = made("2026");
  finished_in(folder, "beach.jpg", "sand");
  move(folder, "", "2027").value(); // number 1
  const auto note = [&](const char* name, const std::string& from, const std::string& to) {
    std::string text;
    for (const auto kind : storage::user_folders)
      text += storage::user_folder("ann", kind, from) + '\0' + storage::user_folder("ann", kind, to)
              + '\0';
    write(root() / "system/work" / name, text);
  };
  const auto rename = [&](const char* kind, const char* from, const char* to) {
    fs::rename(root() / "users/ann" / kind / from, root() / "users/ann" / kind / to);
  };
  // As if two of the four were still to come.
  note("rename-1", "2026", "2027");
  rename("previews", "2027", "2026");
  rename("archives", "2027", "2026");
  const auto inode = [&] {
    return fs::exists(root() / "users/ann/previews/2027/beach.jpg.webp");
  };
  open();
  CAF_CHECK(inode());
  CAF_CHECK_EQUAL(tree(), with_folders({"2027"}));
  // As if another one had been killed on its way, before its commit.
  note("rename-2", "2027", "2028");
  rename("originals", "2027", "2028");
  rename("previews", "2027", "2028");
  write(root() / "users/ann/originals/2028/own.txt", "a person's");
  open();
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/2027/own.txt"), "a person's");
  fs::remove(root() / "users/ann/originals/2027/own.txt");
  CAF_CHECK_EQUAL(tree(), with_folders({"2027"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
