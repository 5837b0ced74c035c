#define CAF_SUITE storage_view_files

#include "tests/storage/scene.hpp"

#include <sys/stat.h>
#include <unistd.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using storage::stored_file;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const result<stored_file>& opened) {
  std::string text(opened.value().bytes + 1, '\0');
  const auto n = ::pread(opened->file.get(), text.data(), text.size(), 0);
  return text.substr(0, static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(view_files_tests, scene)

CAF_TEST(what is stored of a file is opened with its length) {
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK_EQUAL(bytes_of(reader().open_original(r)), "sand");
  CAF_CHECK_EQUAL(bytes_of(reader().open_preview(r)), "sandpreview");
  CAF_CHECK_EQUAL(bytes_of(reader().open_rendition(r, r.renditions.front())), "sand640");
  CAF_CHECK_EQUAL(bytes_of(reader().open_archive(r)), "sandzip");
  CAF_CHECK_EQUAL(reader().open_archive(r)->bytes, 7U);
}

CAF_TEST(an archive that leaves files out is opened as its own file and theirs) {
  const auto id = processing().id;
  const auto r = apply(spliced_outcome(find(id), "beach")).value().record;
  CAF_REQUIRE_EQUAL(r.splices.size(), 2U);
  CAF_CHECK_EQUAL(bytes_of(reader().open_archive(r)), "beachzip");
  CAF_CHECK_EQUAL(bytes_of(reader().open_spliced(r, r.splices[0])), "sand");
  CAF_CHECK_EQUAL(bytes_of(reader().open_spliced(r, r.splices[1])), "beach640");
}

CAF_TEST(stored bytes are compared with those that arrive under their digest) {
  const std::string bytes(700'000, 'x');
  const auto r = upload("ann", "beach.jpg", bytes);
  CAF_CHECK(reader().has_bytes(r.sha256).value());
  CAF_CHECK(!reader().has_bytes(std::string(64, '0')).value());
  const auto is_damaged = [&](const std::string& arrived) {
    return reader().is_damaged(r.sha256, begin("bob", "again", arrived).id).value();
  };
  CAF_CHECK(!is_damaged(bytes));
  auto flipped = bytes;
  flipped[300'000] = 'y';
  CAF_CHECK(is_damaged(flipped));
  CAF_CHECK(is_damaged(bytes + "z"));
  CAF_CHECK(is_damaged(bytes.substr(1)));
  fs::remove(root() / storage::blob_place(r.sha256).path());
  CAF_CHECK(is_damaged(bytes));
  const std::string nothing_staged(26, '0');
  CAF_CHECK(code_of(reader().is_damaged(r.sha256, nothing_staged)) == errc::not_found);
}

CAF_TEST(what the record does not name is not found) {
  const auto r = upload("ann", "beach.jpg", "sand");
  CAF_CHECK(code_of(reader().open_preview(r)) == errc::not_found);
  CAF_CHECK(code_of(reader().open_archive(r)) == errc::not_found);
  CAF_CHECK(code_of(reader().open_original(begin("ann", "a", "1"))) == errc::not_found);
}

CAF_TEST(a file that was deleted a moment ago is not found) {
  const auto r = finished("ann", "beach.jpg", "sand");
  fs::remove(original_path(r));
  CAF_CHECK(code_of(reader().open_original(r)) == errc::not_found);
}

CAF_TEST(a file of another length than its record says is not opened) {
  auto r = finished("ann", "beach.jpg", "sand");
  ++r.bytes;
  ++r.preview.file.bytes;
  --r.archive.bytes;
  auto made = r.renditions.front();
  made.bytes = 0;
  CAF_CHECK(code_of(reader().open_original(r)) == errc::internal);
  CAF_CHECK(code_of(reader().open_preview(r)) == errc::internal);
  CAF_CHECK(code_of(reader().open_rendition(r, made)) == errc::internal);
  CAF_CHECK(code_of(reader().open_archive(r)) == errc::internal);
  r.splices = {{0, "", r.archive.bytes + 1}};
  CAF_CHECK(code_of(reader().open_archive(r)) == errc::internal);
}

CAF_TEST(a link in the place of a stored file or of its folder is not followed) {
  const auto r = finished("ann", "beach.jpg", "sand");
  fs::create_directory(root() / "elsewhere");
  write(root() / "elsewhere" / "w640.webp", "sand640");
  const auto rendition = rendition_path(r, "w640.webp");
  fs::remove(rendition);
  fs::create_symlink(root() / "elsewhere" / "w640.webp", rendition);
  CAF_CHECK(code_of(reader().open_rendition(r, r.renditions.front())) == errc::storage_io);
  fs::remove_all(rendition.parent_path());
  fs::create_directory_symlink(root() / "elsewhere", rendition.parent_path());
  CAF_CHECK(code_of(reader().open_rendition(r, r.renditions.front())) == errc::storage_io);
  fs::remove_all(root() / "elsewhere");
}

CAF_TEST(a pipe or a folder in the place of a stored file neither blocks nor is opened) {
  auto r = finished("ann", "beach.jpg", "sand");
  r.bytes = 0;
  const auto original = original_path(r);
  fs::remove(original);
  CAF_REQUIRE_EQUAL(::mkfifo(original.c_str(), 0600), 0);
  CAF_CHECK(code_of(reader().open_original(r)) == errc::internal);
  fs::remove(original);
  fs::create_directory(original);
  CAF_CHECK(code_of(reader().open_original(r)) == errc::internal);
}

CAF_TEST(nothing from outside is opened) {
  file_record odd;
  odd.id = "../../etc/passwd";
  odd.sha256 = "../../etc/passwd";
  odd.preview.file.name = odd.archive.name = "passwd";
  CAF_CHECK(code_of(reader().open_original(odd)) == errc::not_found);
  CAF_CHECK(code_of(reader().open_preview(odd)) == errc::not_found);
  CAF_CHECK(code_of(reader().open_archive(odd)) == errc::not_found);
  const auto r = finished("ann", "beach.jpg", "sand");
  auto made = r.renditions.front();
  made.name = "../x";
  CAF_CHECK(code_of(reader().open_rendition(r, made)) == errc::not_found);
}

CAF_TEST(a view that was copied opens files after its store is gone) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto kept = reader();
  store.reset();
  CAF_CHECK_EQUAL(bytes_of(kept.open_original(r)), "sand");
}

CAF_TEST_FIXTURE_SCOPE_END()
