#define CAF_SUITE storage_processing

#include "storage/store.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  file_record processing(const std::string& name = "beach.jpg") {
    const auto r = upload("ann", name, "sand");
    return go(r.id, status::processing).value().record;
  }

  /// Brings a new file to @p state by the shortest way.
  std::string file_in(status state) {
    if (state == status::receiving)
      return begin("ann", "f", "x").id;
    const auto r = upload("ann", "f", "x");
    if (state == status::failed || state == status::cancelled)
      go(r.id, state).value();
    if (state == status::processing || state == status::ready)
      go(r.id, status::processing).value();
    if (state == status::ready)
      apply(outcome_of(r.id, "x")).value();
    return r.id;
  }

  /// The states that a transition to @p to is allowed from, as one text.
  std::string sources_of(status to) {
    std::string text;
    for (const auto from : {status::receiving, status::registered, status::processing,
                            status::ready, status::failed, status::cancelled}) {
      const auto done = go(file_in(from), to);
      if (done)
        text += std::string{to_string(from)} + " ";
      else
        CAF_CHECK(done.error().code == errc::conflict);
    }
    return text;
  }

  errc publishing(const file_record& r, const made_file& file) {
    storage::outcome o;
    o.id = r.id;
    o.renditions = {file};
    const auto code = code_of(apply(o));
    CAF_CHECK(find(r.id).state == status::processing || code == errc{});
    return code;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(processing_tests, fixture)

CAF_TEST(a finished file has all its parts in the store and under real names) {
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK(r.state == status::ready);
  CAF_CHECK_EQUAL(read(reader().preview_path(r)), "sandpreview");
  CAF_CHECK_EQUAL(read(reader().rendition_path(r, "w640.webp")), "sand640");
  CAF_CHECK_EQUAL(read(reader().archive_path(r)), "sandzip");
  CAF_CHECK_EQUAL(read(root() / "users/ann/previews/beach.jpg.webp"), "sandpreview");
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/beach.jpg/w320.webp"), "sand320");
  CAF_CHECK_EQUAL(read(root() / "users/ann/archives/beach.jpg.zip"), "sandzip");
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(history(),
                  "1 file.registered\n2 file.processing\n3 file.preview\n4 file.ready\n");
}

CAF_TEST(processing begins from every state but receiving and ready) {
  CAF_CHECK_EQUAL(sources_of(status::processing), "registered processing failed cancelled ");
}

CAF_TEST(only a file that is not finished can fail) {
  CAF_CHECK_EQUAL(sources_of(status::failed), "registered processing ");
}

CAF_TEST(only a file that is not finished can be cancelled) {
  CAF_CHECK_EQUAL(sources_of(status::cancelled), "registered processing ");
}

CAF_TEST(no transition leads to other states) {
  const auto r = processing();
  for (const auto to : {status::receiving, status::registered, status::ready})
    CAF_CHECK(code_of(go(r.id, to)) == errc::bad_request);
  CAF_CHECK(code_of(go(r.id, status::processing, 0)) == errc::bad_request);
}

CAF_TEST(an unknown file is not found whatever is asked) {
  for (const auto* id : {"", "../x", "01ARZ3NDEKTSV4RRFFQ69G5FAV"}) {
    CAF_CHECK(code_of(go(id, status::processing)) == errc::not_found);
    CAF_CHECK(code_of(apply(storage::removal{id})) == errc::not_found);
    CAF_CHECK(reader().find(id).error().code == errc::not_found);
  }
}

CAF_TEST(failing says why and keeps original and preview) {
  const auto r = processing();
  apply(preview_of(r.id, "p")).value();
  make(r.id, "half.webp", "x");
  const auto failed = go(r.id, status::failed).value().record;
  CAF_CHECK_EQUAL(failed.failure.code, "corrupt_media");
  CAF_CHECK(failed.preview.exists());
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a late outcome of an older attempt is refused and touches nothing) {
  const auto r = processing();
  const auto late = outcome_of(r.id, "old");
  const auto late_preview = preview_of(r.id, "old");
  go(r.id, status::processing, 2).value();
  CAF_CHECK(code_of(apply(late)) == errc::conflict);
  CAF_CHECK(code_of(apply(late_preview)) == errc::conflict);
  CAF_CHECK(code_of(go(r.id, status::failed, 1)) == errc::conflict);
  CAF_CHECK(code_of(go(r.id, status::processing, 1)) == errc::conflict);
  CAF_CHECK(!fs::exists(work(r.id, 1)));
  CAF_CHECK(apply(outcome_of(r.id, "new", 2)));
  CAF_CHECK(code_of(apply(outcome_of(r.id, "x", 2))) == errc::conflict);
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/beach.jpg/w640.webp"), "new640");
}

CAF_TEST(a second attempt forgets what the first one published) {
  const auto r = processing();
  apply(preview_of(r.id, "first")).value();
  make(r.id, "half.webp", "x");
  const auto again = go(r.id, status::processing, 2).value().record;
  CAF_CHECK(!again.preview.exists());
  CAF_CHECK(fs::is_empty(work(r.id, 2)));
  apply(preview_of(r.id, "second", 2)).value();
  CAF_CHECK_EQUAL(read(root() / "users/ann/previews/beach.jpg.webp"), "second");
  apply(outcome_of(r.id, "x", 2)).value();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an attempt made again under its number starts with an empty folder) {
  const auto r = processing();
  make(r.id, "half.webp", "x");
  CAF_CHECK(go(r.id, status::processing, 1));
  CAF_CHECK(fs::is_empty(work(r.id)));
  CAF_CHECK(!fs::exists(root() / "system/trash/x") && fs::is_empty(root() / "system/trash"));
}

CAF_TEST(a retry of a failed file leads to the same files as a first success) {
  const auto r = processing();
  apply(preview_of(r.id, "x")).value();
  go(r.id, status::failed).value();
  const auto again = go(r.id, status::processing).value().record;
  CAF_CHECK(again.failure.code.empty());
  apply(preview_of(r.id, "sandpreview")).value();
  apply(outcome_of(r.id, "sand")).value();
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(read(reader().preview_path(r)), "sandpreview");
}

CAF_TEST(a better preview of the same attempt takes the place of the first) {
  const auto r = processing();
  apply(preview_of(r.id, "good")).value();
  const auto better = apply(preview_of(r.id, "better")).value().record;
  CAF_CHECK_EQUAL(better.preview.file.bytes, 6u);
  CAF_CHECK_EQUAL(read(reader().preview_path(r)), "better");
  CAF_CHECK_EQUAL(read(root() / "users/ann/previews/beach.jpg.webp"), "better");
  CAF_CHECK(fs::is_empty(work(r.id)));
}

CAF_TEST(a preview may say what the file really is) {
  const auto r = processing();
  auto p = preview_of(r.id, "p");
  p.kind = profile::audio;
  p.media = R"({"duration":3.5})";
  const auto now = apply(p).value().record;
  CAF_CHECK(now.kind == profile::audio);
  const auto kept = find(r.id);
  CAF_CHECK_EQUAL(kept.media, R"({"width":4,"duration":3.5})");
}

CAF_TEST(sizes are what the files have and not what a worker says) {
  const auto r = processing();
  auto file = make(r.id, "w640.webp", "12345");
  file.bytes = 1'000'000;
  CAF_CHECK(publishing(r, file) == errc{});
  const auto now = find(r.id);
  CAF_CHECK_EQUAL(now.renditions.at(0).bytes, 5u);
}

CAF_TEST(a name that leaves the work folder is refused) {
  const auto r = processing();
  write(root() / "system/work/outside", "x");
  auto file = make(r.id, "inside", "x");
  for (const auto* name : {"../outside", "/etc/passwd", "..", ".", "", "a/b", ".hidden"}) {
    file.name = name;
    CAF_CHECK(publishing(r, file) == errc::bad_request);
  }
  CAF_CHECK(fs::exists(root() / "system/work/outside"));
}

CAF_TEST(symlinks and hard links and folders and pipes of a worker are refused) {
  const auto r = processing();
  const auto stored = reader().original_path(r);
  auto file = make(r.id, "ok", "x");
  fs::create_symlink(stored, work(r.id) / "symlink");
  fs::create_hard_link(stored, work(r.id) / "hardlink");
  fs::create_directory(work(r.id) / "folder");
  ::mkfifo((work(r.id) / "pipe").c_str(), 0600);
  for (const auto* name : {"symlink", "hardlink", "folder", "pipe", "missing"}) {
    file.name = name;
    CAF_CHECK(publishing(r, file) != errc{});
  }
  CAF_CHECK_EQUAL(read(stored), "sand");
  CAF_CHECK(!fs::exists(root() / "users/ann/renditions/beach.jpg"));
}

CAF_TEST(a work folder that became a symlink is not followed) {
  const auto r = processing();
  const tests::temp_root outside;
  write(outside.path / "w640.webp", "theirs");
  fs::remove_all(work(r.id));
  fs::create_directory_symlink(outside.path, work(r.id));
  CAF_CHECK(publishing(r, {"w640.webp", "image/webp", 1, 1, 6, r.sha256}) == errc::storage_io);
  CAF_CHECK(go(r.id, status::failed));
  CAF_CHECK_EQUAL(read(outside.path / "w640.webp"), "theirs");
}

CAF_TEST(one bad file of an outcome takes all of it back) {
  const auto r = processing();
  auto o = outcome_of(r.id, "sand");
  o.renditions.push_back(o.renditions.front());
  CAF_CHECK(code_of(apply(o)) == errc::bad_request);
  CAF_CHECK_EQUAL(read(work(r.id) / "w640.webp"), "sand640");
  CAF_CHECK(find(r.id).renditions.empty());
  o.renditions.pop_back();
  CAF_CHECK(apply(o));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(impossible types and digests of a worker are refused) {
  const auto r = processing();
  auto file = make(r.id, "w640.webp", "x");
  file.media_type = "image/webp\r\nX: y";
  CAF_CHECK(publishing(r, file) == errc::bad_request);
  file.media_type = "image/webp";
  file.sha256 = "\"etag\"";
  CAF_CHECK(publishing(r, file) == errc::bad_request);
}

CAF_TEST(facts that are no small flat object are left out) {
  const auto r = processing();
  auto o = outcome_of(r.id, "sand");
  const std::string deep(10'000, '[');
  o.media = R"({"a":)" + deep + std::string(10'000, ']') + "}";
  const auto done = apply(o).value().record;
  CAF_CHECK_EQUAL(done.media, R"({"width":4})");
  for (const auto* media : {"", "null", "[1]", "{", "{\"a\":1}}"}) {
    const auto other = processing("other");
    auto p = preview_of(other.id, "p");
    p.media = media;
    const auto shown = apply(p).value().record;
    CAF_CHECK_EQUAL(shown.media, R"({"width":4})");
  }
}

CAF_TEST(what a person keeps among the renditions stays when the file goes) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto folder = root() / "users/ann/renditions/beach.jpg";
  write(folder / "notes.txt", "mine");
  CAF_CHECK(apply(storage::removal{r.id}));
  CAF_CHECK_EQUAL(read(folder / "notes.txt"), "mine");
  CAF_CHECK(!fs::exists(folder / "w640.webp"));
}

CAF_TEST(a symlink planted among the renditions redirects nothing) {
  const auto r = processing();
  const tests::temp_root outside;
  fs::create_directory_symlink(outside.path, root() / "users/ann/renditions/beach.jpg");
  CAF_CHECK(apply(outcome_of(r.id, "sand")));
  CAF_CHECK(fs::is_empty(outside.path));
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/beach.jpg/w640.webp"), "sand640");
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(a deep tree that a worker left behind goes with its attempt) {
  const auto r = processing();
  auto folder = work(r.id);
  for (int i = 0; i < 200; ++i) {
    folder /= "deeper";
    fs::create_directory(folder);
  }
  write(folder / "file", "x");
  fs::permissions(work(r.id) / "deeper", fs::perms::none);
  CAF_CHECK(go(r.id, status::cancelled));
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST_FIXTURE_SCOPE_END()
