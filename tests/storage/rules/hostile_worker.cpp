#define CAF_SUITE storage_rules_hostile_worker

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
  errc publishing(const file_record& r, const made_file& file) {
    storage::finished_attempt o;
    o.id = r.id;
    o.renditions = {file};
    const auto code = code_of(apply(o));
    CAF_CHECK(find(r.id).state == status::processing || code == errc{});
    return code;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hostile_worker_tests, fixture)

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
  const auto stored = original_path(r);
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

CAF_TEST(a date that no file can have been taken at is not believed) {
  for (const auto* said :
       {"\"0001-01-01T00:00:00.000Z\"", "\"2300-01-01T00:00:00.000Z\"", "\"yesterday\"",
        "\"2024-13-01T00:00:00.000Z\"", "\"\"", "5", "null", "[]"}) {
    const auto r = processing();
    auto p = preview_of(r.id, "p");
    p.media = std::string{R"({"taken_at":)"} + said + "}";
    const auto shown = apply(p).value().record;
    CAF_CHECK_EQUAL(shown.taken_at, 0);
  }
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

CAF_TEST(a deep and wide tree that a worker left behind goes with its attempt) {
  const auto r = processing();
  for (int i = 0; i < 5000; ++i)
    write(work(r.id) / std::to_string(i), "");
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
