#define CAF_SUITE storage_rules_processing

#include "storage/store.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>

using namespace mediad;
using mediad::tests::code_of;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::scene {
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

  /// Arrived, with a preview that was made meanwhile, and in its first attempt.
  file_record with_early_preview() {
    storage::new_upload fresh{id_of("ann"), "beach.jpg"};
    fresh.early_preview = true;
    const auto r = apply(std::move(fresh)).value().record;
    write(reader().staging_path(r.id), "sand");
    make(r.id, "preview.webp", "early", 0);
    apply(arrival_of(r, "sand")).value();
    storage::transition first;
    first.id = r.id;
    first.keeps_early = true;
    return apply(first).value().record;
  }

  storage::new_preview early_preview_of(const std::string& id) const {
    storage::new_preview p;
    p.id = id;
    p.is_early = true;
    p.preview = {make(id, "preview.webp", "early", 0), "thumb"};
    return p;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(processing_tests, fixture)

CAF_TEST(what a file is can be found out later and until its first attempt) {
  const auto r = upload("ann", "f", "x");
  const storage::identified found{r.id, profile::video, "video/mp4", R"({"seconds":3})"};
  const auto known = apply(found).value();
  CAF_CHECK(!known.event);
  const auto now = find(r.id);
  CAF_CHECK(now.profile == profile::video);
  CAF_CHECK_EQUAL(now.media_type, "video/mp4");
  CAF_CHECK_EQUAL(now.media, R"({"width":4,"seconds":3})");
  CAF_CHECK(now.state == status::registered);
  go(r.id, status::processing).value();
  CAF_CHECK(code_of(apply(found)) == errc::conflict);
  const storage::identified odd{upload("ann", "g", "y").id, profile::image, "no type", "[1]"};
  const auto kept = apply(odd).value().record;
  CAF_CHECK_EQUAL(kept.media_type, "image/jpeg");
  CAF_CHECK_EQUAL(kept.media, R"({"width":4})");
}

CAF_TEST(an early preview is there for a change that follows its attempt in a group of its own) {
  const auto id = with_early_preview().id;
  const auto r = apply(early_preview_of(id)).value().record;
  CAF_CHECK_EQUAL(read(preview_path(r)), "early");
  CAF_CHECK(!fs::exists(work(id, 0)));
  apply(outcome_of(id, "sand")).value();
  CAF_CHECK_EQUAL(tree(), promised());
}

CAF_TEST(an early preview that is refused goes with its attempt) {
  const auto id = with_early_preview().id;
  auto wrong = early_preview_of(id);
  wrong.preview.thumbhash.assign(1000, 'x');
  CAF_CHECK(code_of(apply(wrong)) == errc::bad_request);
  CAF_CHECK(fs::exists(work(id, 0)));
  go(id, status::processing, 2).value();
  CAF_CHECK(!fs::exists(work(id, 0)));
  const auto other = with_early_preview().id;
  go(other, status::cancelled).value();
  CAF_CHECK(!fs::exists(work(other, 0)));
}

CAF_TEST(a finished file has all its parts in the store and under real names) {
  const auto r = finished("ann", "beach.jpg", "sand");
  CAF_CHECK(r.state == status::ready);
  CAF_CHECK_EQUAL(read(preview_path(r)), "sandpreview");
  CAF_CHECK_EQUAL(read(rendition_path(r, "w640.webp")), "sand640");
  CAF_CHECK_EQUAL(read(archive_path(r)), "sandzip");
  CAF_CHECK_EQUAL(read(root() / "users/ann/previews/beach.jpg.webp"), "sandpreview");
  CAF_CHECK_EQUAL(read(root() / "users/ann/renditions/beach.jpg/w320.webp"), "sand320");
  CAF_CHECK_EQUAL(read(root() / "users/ann/archives/beach.jpg.zip"), "sandzip");
  CAF_CHECK_EQUAL(tree(), promised());
  CAF_CHECK_EQUAL(history(),
                  "1 file.registered\n2 file.processing\n3 file.preview\n4 file.ready\n");
}

CAF_TEST(an archive that leaves out stored files is whole only in the record) {
  const auto before = processing();
  const auto r = apply(spliced_outcome(before, "sand")).value().record;
  CAF_CHECK_EQUAL(r.archive.bytes, std::string{"sandzip"}.size() + 4 + 7);
  CAF_CHECK_EQUAL(find(r.id).splices == r.splices, true);
  CAF_CHECK_EQUAL(find(r.id).archive.sha256, r.archive.sha256);
  CAF_CHECK(!fs::exists(root() / "users/ann/archives/beach.jpg.zip"));
  CAF_CHECK_EQUAL(tree(), promised());
  open();
  CAF_CHECK_EQUAL(tree(), promised());
  apply(storage::removal{r.id}).value();
  CAF_CHECK(tree().empty());
}

CAF_TEST(an archive may leave out only all of its own files in their order) {
  const auto r = processing();
  const std::vector<std::vector<splice>> impossible{{{0, "", 3}}, // not all of the original
                                                    {{0, "w999.webp", 7}}, // none of its files
                                                    {{0, "../a", 7}},      // no name
                                                    {{3, "", 4}, {2, "w640.webp", 7}}, // backwards
                                                    {{8, "", 4}}}; // behind the end
  for (const auto& splices : impossible) {
    auto o = outcome_of(r.id, "sand");
    o.splices = splices;
    CAF_CHECK(code_of(apply(o)) == errc::bad_request);
  }
}

CAF_TEST(folders that a person removed meanwhile are made again) {
  const auto ann = root() / "users/ann";
  finished("ann", "beach.jpg", "sand");
  fs::remove_all(ann);
  finished("ann", "sea.jpg", "water");
  CAF_CHECK_EQUAL(read(ann / "originals/sea.jpg"), "water");
  CAF_CHECK_EQUAL(read(ann / "previews/sea.jpg.webp"), "waterpreview");
  CAF_CHECK_EQUAL(read(ann / "renditions/sea.jpg/w320.webp"), "water320");
  CAF_CHECK_EQUAL(read(ann / "archives/sea.jpg.zip"), "waterzip");
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
  CAF_CHECK_EQUAL(read(preview_path(r)), "sandpreview");
}

CAF_TEST(a better preview of the same attempt takes the place of the first) {
  const auto r = processing();
  apply(preview_of(r.id, "good")).value();
  const auto better = apply(preview_of(r.id, "better")).value().record;
  CAF_CHECK_EQUAL(better.preview.file.bytes, 6u);
  CAF_CHECK_EQUAL(read(preview_path(r)), "better");
  CAF_CHECK_EQUAL(read(root() / "users/ann/previews/beach.jpg.webp"), "better");
  CAF_CHECK(fs::is_empty(work(r.id)));
}

CAF_TEST(a preview may say what the file really is) {
  const auto r = processing();
  auto p = preview_of(r.id, "p");
  p.profile = profile::audio;
  p.media = R"({"duration":3.5})";
  const auto now = apply(p).value().record;
  CAF_CHECK(now.profile == profile::audio);
  const auto kept = find(r.id);
  CAF_CHECK_EQUAL(kept.media, R"({"width":4,"duration":3.5})");
}

CAF_TEST(when a file was taken stands in the record as soon as a step says so) {
  const auto r = processing();
  auto p = preview_of(r.id, "p");
  p.media = R"({"taken_at":"1969-12-31T23:59:59.000Z"})";
  const auto shown = apply(p).value().record;
  CAF_CHECK_EQUAL(shown.taken_at, -1000);
  auto o = outcome_of(r.id, "sand");
  o.media = R"({"width":4})";
  const auto still = apply(o).value().record;
  CAF_CHECK_EQUAL(still.taken_at, -1000);
  CAF_CHECK_EQUAL(find(r.id).taken_at, -1000);

  const auto heic = processing("late.heic");
  auto late = outcome_of(heic.id, "sand");
  late.media = R"({"taken_at":"2024-05-01T10:34:56.120Z"})";
  const auto done = apply(late).value().record;
  CAF_CHECK_EQUAL(done.taken_at, 1'714'559'696'120);
}

CAF_TEST(what a person keeps among the renditions stays when the file goes) {
  const auto r = finished("ann", "beach.jpg", "sand");
  const auto folder = root() / "users/ann/renditions/beach.jpg";
  write(folder / "notes.txt", "mine");
  CAF_CHECK(apply(storage::removal{r.id}));
  CAF_CHECK_EQUAL(read(folder / "notes.txt"), "mine");
  CAF_CHECK(!fs::exists(folder / "w640.webp"));
}

CAF_TEST_FIXTURE_SCOPE_END()
