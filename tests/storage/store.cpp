#define CAF_SUITE storage_store

#include "storage/store.hpp"

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

using fixture = tests::scene;

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_tests, fixture)

CAF_TEST(an arrived file is in the store once and under its name in the folder of its user) {
  const auto r = upload("ann", "beach.jpg", "sand");
  CAF_CHECK(r.state == status::registered);
  CAF_CHECK_EQUAL(r.link_name, "beach.jpg");
  const auto shown = root() / "users/ann/originals/beach.jpg";
  CAF_CHECK_EQUAL(read(shown), "sand");
  CAF_CHECK(fs::equivalent(shown, reader().original_path(r)));
  CAF_CHECK(!fs::exists(reader().staging_path(r.id)));
  const auto stored = find(r.id);
  CAF_CHECK_EQUAL(stored.sha256, r.sha256);
  CAF_CHECK_EQUAL(stored.bytes, 4u);
  CAF_CHECK_EQUAL(stored.media, R"({"width":4})");
}

CAF_TEST(arriving twice answers the same and announces nothing) {
  const auto r = upload("ann", "beach.jpg", "sand");
  const auto again = apply(arrival_of(r, "sand"));
  CAF_REQUIRE(again);
  CAF_CHECK_EQUAL(again->record.seq, r.seq);
  CAF_CHECK(!again->news);
  CAF_CHECK(code_of(apply(arrival_of(r, "mud"))) == errc::conflict);
}

CAF_TEST(a finished file has all its parts in the store and under real names) {
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK(r.state == status::ready);
  CAF_CHECK_EQUAL(read(reader().preview_path(r)), "sandpreview");
  CAF_CHECK_EQUAL(read(reader().rendition_path(r, "w640.webp")), "sand640");
  CAF_CHECK_EQUAL(read(reader().archive_path(r)), "sandzip");
  CAF_CHECK_EQUAL(read(root() / "users/ann/previews/beach.jpg.webp"), "sandpreview");
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/beach.jpg/w320.webp"), "sand320");
  CAF_CHECK_EQUAL(read(root() / "users/ann/archives/beach.jpg.zip"), "sandzip");
  CAF_CHECK(!fs::exists(work(r.id)));
  CAF_CHECK_EQUAL(history(),
                  "1 file.registered\n2 file.processing\n3 file.preview\n4 file.ready\n");
}

CAF_TEST_FIXTURE_SCOPE_END()
