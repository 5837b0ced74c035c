#define CAF_SUITE storage_rules_editing

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  static storage::file_change change_of(const std::string& id) {
    storage::file_change c;
    c.id = id;
    return c;
  }

  result<storage::applied> rename(const std::string& id, const std::string& name,
                                  bool refuses_taken = false) {
    auto c = change_of(id);
    c.name = name;
    c.refuses_taken_name = refuses_taken;
    return apply(c);
  }

  result<storage::applied> move(const std::string& id, const std::string& folder) {
    auto c = change_of(id);
    c.folder = folder;
    return apply(c);
  }

  result<storage::applied> tag(const std::string& id, std::vector<std::string> tags) {
    auto c = change_of(id);
    c.tags = std::move(tags);
    return apply(c);
  }

  std::string folder(const std::string& user, const std::string& name) {
    return apply(storage::new_folder{id_of(user), "", name}).value().id;
  }

  std::string newest_event() const {
    const auto newest = reader().events().value().newest;
    return reader().events_after(newest - 1, 1).value().front().type;
  }

  bool is_there(const std::string& path) const {
    return fs::exists(root() / "users/ann" / path);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(editing_tests, fixture)

CAF_TEST(a file has its new name wherever a person sees it) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto renamed = rename(r.id, "Strand am Morgen.jpg").value().record;
  CAF_CHECK_EQUAL(renamed.name, "Strand am Morgen.jpg");
  CAF_CHECK_EQUAL(renamed.revision, 1u);
  CAF_CHECK_EQUAL(newest_event(), "file.updated");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/Strand am Morgen.jpg"), "sand");
  CAF_CHECK(is_there("previews/Strand am Morgen.jpg.webp"));
  CAF_CHECK(is_there("renditions/Strand am Morgen.jpg/w640.webp"));
  CAF_CHECK(is_there("archives/Strand am Morgen.jpg.zip"));
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(upload("ann", "beach.jpg", "more").link_name, "beach.jpg");
}

CAF_TEST(a name that is taken gets a number or is refused) {
  upload("ann", "beach.jpg", "sand");
  const auto r = finished("ann", "castle.jpg", "castle");
  CAF_CHECK(code_of(rename(r.id, "beach.jpg", true)) == errc::conflict);
  CAF_CHECK_EQUAL(find(r.id).link_name, "castle.jpg");
  CAF_CHECK_EQUAL(tree(), promised());
  const auto renamed = rename(r.id, "beach.jpg").value().record;
  CAF_CHECK_EQUAL(renamed.name, "beach.jpg");
  CAF_CHECK_EQUAL(renamed.link_name, "beach (2).jpg");
  CAF_CHECK_EQUAL(tree(), promised());
  folder("ann", "2026");
  CAF_CHECK(code_of(rename(r.id, "2026", true)) == errc::conflict);
}

CAF_TEST(a name may change its case) {
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK_EQUAL(rename(r.id, "Beach.JPG", true).value().record.link_name, "Beach.JPG");
  CAF_CHECK_EQUAL(tree(), promised());
  open();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a name is cleaned as that of an upload is) {
  const auto r = upload("ann", "beach.jpg", "sand");
  CAF_CHECK_EQUAL(rename(r.id, "../../x").value().record.name, "....x");
  CAF_CHECK_EQUAL(rename(r.id, "").value().record.name, "unnamed");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a file moves into a folder and out of it with all that was made of it) {
  const auto album = folder("ann", "album");
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK_EQUAL(move(r.id, album).value().record.folder_path, "album");
  CAF_CHECK_EQUAL(read(root() / "users/ann/originals/album/beach.jpg"), "sand");
  CAF_CHECK(is_there("renditions/album/beach.jpg/w320.webp"));
  CAF_CHECK_EQUAL(tree(), promised());
  const auto other = upload("ann", "beach.jpg", "more");
  CAF_CHECK_EQUAL(move(r.id, "").value().record.link_name, "beach (2).jpg");
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(find(other.id).link_name, "beach.jpg");
}

CAF_TEST(no file moves into a folder of another user) {
  const auto r = upload("ann", "beach.jpg", "sand");
  const auto theirs = folder("bob", "album");
  CAF_CHECK(code_of(move(r.id, theirs)) == errc::bad_request);
  CAF_CHECK(code_of(move(r.id, r.id)) == errc::bad_request);
  CAF_CHECK(find(r.id).folder.empty());
}

CAF_TEST(what is the same already is no change and no event) {
  const auto r = upload("ann", "beach.jpg", "sand");
  tag(r.id, {"sea"}).value();
  const auto before = reader().events().value().newest;
  CAF_CHECK(!tag(r.id, {"sea"}).value().event);
  CAF_CHECK(!rename(r.id, "beach.jpg").value().event);
  CAF_CHECK(!apply(change_of(r.id)).value().event);
  CAF_CHECK_EQUAL(reader().events().value().newest, before);
  CAF_CHECK_EQUAL(find(r.id).revision, 1u);
}

CAF_TEST(a change of another revision is refused) {
  const auto r = upload("ann", "beach.jpg", "sand");
  auto c = change_of(r.id);
  c.if_revision = 0;
  c.favourite = true;
  CAF_CHECK_EQUAL(apply(c).value().record.revision, 1u);
  c.favourite = false;
  CAF_CHECK(code_of(apply(c)) == errc::precondition_failed);
  CAF_CHECK(find(r.id).favourite);
  // What the server does with a file is no change of its owner's.
  go(r.id, status::processing).value();
  c.if_revision = 1;
  CAF_CHECK(apply(c));
}

CAF_TEST(tags are clean and each is there once) {
  const auto r = upload("ann", "beach.jpg", "sand");
  const auto record = tag(r.id, {" Sea ", "sea", "a/b", "x\x01y", "SEA"}).value().record;
  CAF_CHECK_EQUAL(record.tags, (std::vector<std::string>{"Sea", "a/b", "xy"}));
  CAF_CHECK_EQUAL(reader().tags(id_of("ann"), "", 10).value().tags.size(), 3u);
  CAF_CHECK(code_of(tag(r.id, {" \x02 "})) == errc::bad_request);
  CAF_CHECK(code_of(tag(r.id, {std::string(101, 'x')})) == errc::bad_request);
  std::vector<std::string> many;
  for (int i = 0; i < 51; ++i)
    many.push_back(std::to_string(i));
  CAF_CHECK(code_of(tag(r.id, many)) == errc::bad_request);
  CAF_CHECK_EQUAL(find(r.id).tags.size(), 3u);
  tag(r.id, {}).value();
  CAF_CHECK(reader().tags(id_of("ann"), "", 10).value().tags.empty());
}

CAF_TEST(description and metadata have their limits) {
  const auto r = upload("ann", "beach.jpg", "sand");
  auto c = change_of(r.id);
  c.description = "By the sea \xff";
  c.metadata = R"({"place":{"name":"R\u00fcgen"}})";
  const auto record = apply(c).value().record;
  CAF_CHECK_EQUAL(record.description, "By the sea \uFFFD");
  CAF_CHECK_EQUAL(record.metadata, *c.metadata);
  for (const auto& wrong : {std::string{"[]"}, std::string{"{"}, std::string(40, '['),
                            "{\"a\":\"" + std::string(16'384, 'x') + "\"}"}) {
    auto bad = change_of(r.id);
    bad.metadata = wrong;
    CAF_CHECK(code_of(apply(bad)) == errc::bad_request);
  }
  auto bad = change_of(r.id);
  bad.description = std::string(4'097, 'x');
  CAF_CHECK(code_of(apply(bad)) == errc::bad_request);
}

CAF_TEST(a file that is still arriving cannot be changed and one that is gone is not found) {
  const auto r = begin("ann", "beach.jpg", "sand");
  CAF_CHECK(code_of(rename(r.id, "x")) == errc::conflict);
  CAF_CHECK(code_of(rename("01ARZ3NDEKTSV4RRFFQ69G5FAV", "x")) == errc::not_found);
}

CAF_TEST(a file that is renamed while it is processed is finished under its new name) {
  const auto r = processing();
  rename(r.id, "castle.jpg").value();
  apply(preview_of(r.id, "preview")).value();
  apply(outcome_of(r.id, "sand")).value();
  CAF_CHECK(is_there("renditions/castle.jpg/w640.webp"));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an archive without its members has no name in the new place either) {
  const auto r = upload("ann", "beach.jpg", "sand");
  go(r.id, status::processing).value();
  apply(preview_of(r.id, "preview")).value();
  apply(spliced_outcome(r, "sand")).value();
  rename(r.id, "castle.jpg").value();
  CAF_CHECK(!is_there("archives/castle.jpg.zip"));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST_FIXTURE_SCOPE_END()
