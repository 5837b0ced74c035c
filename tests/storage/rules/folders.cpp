#define CAF_SUITE storage_rules_folders

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  std::string made(const std::string& name, const std::string& parent = "") {
    return apply(storage::new_folder{id_of("ann"), parent, name}).value().id;
  }
  result<storage::applied> make_like(const std::string& name) {
    return apply(storage::new_folder{id_of("ann"), "", name, true});
  }
  result<storage::applied> remove(const std::string& folder) {
    return apply(storage::folder_removal{folder});
  }
  file_record begun_in(const std::string& folder, const std::string& bytes) {
    storage::new_upload u{id_of("ann"), "beach.jpg"};
    u.folder = folder;
    const auto r = apply(u).value().record;
    write(reader().staging_path(r.id), bytes);
    return r;
  }
  /// Paths of ann's folders.
  std::vector<std::string> paths(const std::string& below = "", std::size_t levels = 99) const {
    std::vector<std::string> all;
    for (const auto& f : reader().folders(id_of("ann"), below, levels).value())
      all.push_back(f.path);
    return all;
  }
  std::vector<std::string> files_in(const std::string& folder, bool below, std::size_t limit = 50,
                                    const std::string& cursor = "") const {
    storage::folder_query q;
    q.user = id_of("ann");
    q.folder = folder;
    q.with_subfolders = below;
    q.limit = limit;
    q.cursor = cursor;
    std::vector<std::string> ids;
    for (const auto& r : reader().list_in_folder(q).value().files)
      ids.push_back(r.id);
    return ids;
  }
};

using words = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(folders_tests, fixture)

CAF_TEST(an empty folder is removed with its four places) {
  const auto year = made("2026");
  const auto summer = made("summer", year);
  CAF_CHECK(code_of(remove(year)) == errc::conflict);
  CAF_REQUIRE(remove(summer));
  CAF_CHECK(!fs::exists(root() / "users/ann/originals/2026/summer"));
  CAF_CHECK_EQUAL(paths(), (words{"2026"}));
  CAF_REQUIRE(remove(year));
  CAF_CHECK(!fs::exists(root() / "users/ann/archives/2026"));
  CAF_CHECK(paths().empty());
  CAF_CHECK(code_of(remove(year)) == errc::not_found);
  CAF_CHECK_EQUAL(tree(), promised());
  open();
  CAF_CHECK_EQUAL(tree(), promised());
  made("2026");
  CAF_CHECK(fs::exists(root() / "users/ann/originals/2026"));
}

CAF_TEST(a folder with a file in it stays) {
  const auto folder = made("2026");
  const auto r = begun_in(folder, "sand");
  apply(arrival_of(r, "sand")).value();
  CAF_CHECK(code_of(remove(folder)) == errc::conflict);
  apply(storage::removal{r.id}).value();
  CAF_CHECK(remove(folder));
}

CAF_TEST(a removed folder keeps on disk what a person put there) {
  const auto folder = made("2026");
  write(root() / "users/ann/originals/2026/own.txt", "a person's");
  CAF_REQUIRE(remove(folder));
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/2026/own.txt"), "a person's");
  CAF_CHECK(!fs::exists(root() / "users/ann/previews/2026"));
}

CAF_TEST(what arrives after its folder was removed is refused and can be read until then) {
  const auto folder = made("2026");
  const auto r = begun_in(folder, "sand");
  CAF_REQUIRE(remove(folder));
  CAF_CHECK(find(r.id).state == status::receiving);
  CAF_CHECK(code_of(apply(arrival_of(r, "sand"))) == errc::not_found);
  CAF_CHECK(find(r.id).state == status::receiving);
  open(); // which ends what was under way
  CAF_CHECK(!reader().find(r.id));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a removal and a new folder of the same name may share a group) {
  const auto folder = made("2026");
  const auto done =
    apply_all({storage::folder_removal{folder}, storage::new_folder{id_of("ann"), "", "2026"}});
  CAF_REQUIRE(done.at(0) && done.at(1));
  CAF_CHECK(fs::exists(root() / "users/ann/renditions/2026"));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a removal that fails with its group leaves the folder) {
  const auto folder = made("2026");
  const auto done =
    apply_all({storage::folder_removal{folder}, storage::new_folder{id_of("ann"), folder, "x"},
               storage::removal{"01ARZ3NDEKTSV4RRFFQ69G5FAV"}});
  CAF_CHECK(done.at(0) && !done.at(1) && !done.at(2));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(what happens to folders is in the history) {
  const auto a = made("a");
  const auto b = made("b");
  apply(storage::folder_move{b, a, "c"}).value();
  apply(storage::folder_move{b, a, "c"}).value(); // nothing changes
  apply(storage::folder_removal{b}).value();
  CAF_CHECK_EQUAL(history(), "1 folder.created\n2 folder.created\n3 folder.updated\n"
                             "4 folder.removed\n");
  const auto moved = reader().events_after(2, 1).value().front();
  CAF_CHECK_EQUAL(moved.user, id_of("ann"));
  CAF_CHECK_EQUAL(moved.file_id, b);
  CAF_CHECK_EQUAL(moved.folder.id, b);
  CAF_CHECK_EQUAL(moved.folder.parent, a);
  CAF_CHECK_EQUAL(moved.folder.name, "c");
  CAF_CHECK(moved.file.id.empty());
}

CAF_TEST(names that no folder can have are refused in words for the client) {
  for (const auto* name : {"", ".", "..", "a/b", "a\nb", "\xff", "a\u202e"}) {
    const auto done = apply(storage::new_folder{id_of("ann"), "", name});
    CAF_CHECK(code_of(done) == errc::bad_request);
    CAF_CHECK(!done.error().detail.empty());
  }
  CAF_CHECK(code_of(apply(storage::new_folder{id_of("ann"), "", std::string(241, 'x')}))
            == errc::bad_request);
  const auto folder = made("O\u0308land"); // as a Mac has it
  CAF_CHECK(reader().folders_above(folder).value().front().name == "Öland");
  CAF_CHECK(code_of(apply(storage::folder_move{folder, "", ".."})) == errc::bad_request);
}

CAF_TEST(a name may be made one that a folder can have and that is free) {
  made("summer");
  CAF_REQUIRE(make_like("SUMMER"));
  CAF_REQUIRE(make_like("../summer\n"));
  CAF_REQUIRE(make_like(""));
  fs::create_directories(root() / "users/ann/previews/mine");
  CAF_REQUIRE(make_like("mine"));
  CAF_CHECK_EQUAL(paths(), (words{"summer", "SUMMER (2)", "..summer", "unnamed", "mine (2)"}));
}

CAF_TEST(what is granted in a folder is replaced and ends with it) {
  using storage::folder_grants;
  const auto a = made("a");
  const auto b = made("b", a);
  const auto line = [&] {
    return reader().folder_line_for(b, id_of("bob")).value();
  };
  CAF_CHECK(!line().granted);
  apply(folder_grants{a, {{id_of("bob"), folder_right::view}}}).value();
  apply(folder_grants{b, {{id_of("bob"), folder_right::edit}}}).value();
  CAF_CHECK(line().granted == folder_right::edit);
  CAF_CHECK_EQUAL(line().shown, 2u);
  open();
  CAF_CHECK_EQUAL(reader().grants_to(id_of("bob")).value().size(), 2u);
  apply(folder_grants{a, {{id_of("anna"), folder_right::add}}}).value();
  CAF_CHECK_EQUAL(line().shown, 1u);
  CAF_CHECK(code_of(apply(folder_grants{a, {{id_of("ann"), folder_right::view}}}))
            == errc::bad_request);
  CAF_CHECK(code_of(apply(folder_grants{a, {{id_of("bob"), folder_right::own}}}))
            == errc::bad_request);
  CAF_CHECK(code_of(apply(folder_grants{a, {{a, folder_right::view}}})) == errc::not_found);
  CAF_CHECK(code_of(apply(folder_grants{id_of("bob"), {}})) == errc::not_found);
  CAF_REQUIRE(remove(b));
  CAF_CHECK(reader().grants_to(id_of("bob")).value().empty());
  CAF_CHECK_EQUAL(reader().grants_in(a).value().size(), 1u);
}

CAF_TEST(an event knows its folders and who hears it) {
  const auto a = made("a");
  const auto b = made("b", a);
  apply(storage::folder_grants{a, {{id_of("bob"), folder_right::view}}}).value();
  const auto r = begun_in(b, "sand");
  const auto e = apply(arrival_of(r, "sand")).value().event.value();
  CAF_CHECK_EQUAL(e.folders, (words{b, a}));
  CAF_CHECK_EQUAL(e.hearers, (words{id_of("bob")}));
  const auto replayed = reader().events_after(e.seq - 1, 1).value().front();
  CAF_CHECK_EQUAL(replayed.folders, e.folders);
  CAF_CHECK_EQUAL(replayed.hearers, e.hearers);
  CAF_CHECK(apply(arrival_of(begin("ann", "x", "y"), "y")).value().event->folders.empty());
}

CAF_TEST(folders are listed from any folder and as deep as is wanted) {
  const auto a = made("a");
  const auto b = made("b", a);
  made("c", b);
  made("d");
  CAF_CHECK_EQUAL(paths(), (words{"a", "d", "a/b", "a/b/c"}));
  CAF_CHECK_EQUAL(paths("", 1), (words{"a", "d"}));
  CAF_CHECK_EQUAL(paths(a), (words{"b", "b/c"}));
  CAF_CHECK_EQUAL(paths(a, 1), (words{"b"}));
  const auto line = reader().folders_above(b).value();
  CAF_REQUIRE_EQUAL(line.size(), 2u);
  CAF_CHECK_EQUAL(line[0].id, b);
  CAF_CHECK_EQUAL(line[1].id, a);
  CAF_CHECK(reader().subfolder(id_of("ann"), a, "B").value() == b);
  CAF_CHECK(reader().subfolder(id_of("bob"), a, "b").value().empty());
  CAF_CHECK(code_of(reader().folders_above("x")) == errc::not_found);
}

CAF_TEST(the files of a folder are listed newest first in pages) {
  const auto a = made("a");
  const auto b = made("b", a);
  words in_a;
  for (int i = 0; i < 3; ++i) {
    const auto r = begun_in(a, "sand" + std::to_string(i));
    in_a.insert(in_a.begin(), r.id);
    CAF_CHECK_EQUAL(files_in(a, false).size(), static_cast<std::size_t>(i));
    apply(arrival_of(r, "sand" + std::to_string(i))).value();
  }
  const auto below = begun_in(b, "more");
  apply(arrival_of(below, "more")).value();
  const auto top = upload("ann", "top", "top");
  CAF_CHECK_EQUAL(files_in(a, false), in_a);
  auto all = in_a;
  all.insert(all.begin(), below.id);
  CAF_CHECK_EQUAL(files_in(a, true), all);
  CAF_CHECK_EQUAL(files_in(a, true, 2), (words{all[0], all[1]}));
  CAF_CHECK_EQUAL(files_in(a, true, 2, all[1]), (words{all[2], all[3]}));
  CAF_CHECK_EQUAL(files_in(id_of("ann"), false), (words{top.id}));
}

CAF_TEST_FIXTURE_SCOPE_END()
