#define CAF_SUITE storage_tree_step_notes

#include "storage/tree/step_notes.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>

using namespace mediad;
using namespace mediad::storage;
namespace fs = std::filesystem;

namespace {

struct fixture : tests::temp_root {
  folders root = make();

  folders make() const {
    fs::create_directories(path / "system");
    return folders::open(path).value();
  }
  noted_steps read() const {
    return step_notes::read(root).value().value();
  }
  fs::path file() const {
    return path / "system/steps";
  }
};

const place blob{"store/blobs/ab", "abcd"};
const place name_of_ann{"users/ann/originals/a", "b\nc"};

} // namespace

CAF_TEST_FIXTURE_SCOPE(step_notes_tests, fixture)

CAF_TEST(where no server has run there are no notes) {
  const auto found = step_notes::read(root).value();
  CAF_CHECK(!found);
}

CAF_TEST(what a killed server was about to touch is read) {
  auto notes = step_notes::begin(root, 7).value();
  notes.new_group(12);
  notes.add(blob);
  notes.add({"system/work", "x"});
  notes.add(name_of_ann);
  const auto found = read();
  CAF_CHECK(!found.has_stopped);
  CAF_CHECK_EQUAL(found.seq, 12u);
  CAF_REQUIRE_EQUAL(found.places.size(), 2u);
  CAF_CHECK(found.places[0] == blob);
  CAF_CHECK(found.places[1] == name_of_ann);
}

CAF_TEST(a new group forgets the places of the one before) {
  auto notes = step_notes::begin(root, 7).value();
  notes.add(name_of_ann);
  notes.add(name_of_ann);
  notes.new_group(8);
  CAF_CHECK(read().places.empty());
  notes.add(blob);
  CAF_CHECK_EQUAL(read().places.size(), 1u);
}

CAF_TEST(a server that ended in order says so until the next one begins) {
  {
    auto notes = step_notes::begin(root, 7).value();
    notes.add(blob);
    CAF_CHECK(notes.stop(9));
  }
  CAF_CHECK(read().has_stopped);
  CAF_CHECK_EQUAL(read().seq, 9u);
  CAF_CHECK(read().places.empty());
  const auto next = step_notes::begin(root, 9).value();
  CAF_CHECK(!read().has_stopped);
}

CAF_TEST(notes that are damaged are no notes) {
  const auto notes = step_notes::begin(root, 7).value();
  for (const std::string text : {"", "mediad-steps 1 running", "mediad-steps 2 running 00"}) {
    std::ofstream{file(), std::ios::trunc} << text;
    const auto found = step_notes::read(root).value();
    CAF_CHECK(!found);
  }
}

CAF_TEST(notes that are forgotten are no notes) {
  const auto notes = step_notes::begin(root, 7).value();
  CAF_CHECK(step_notes::forget(root));
  const auto found = step_notes::read(root).value();
  CAF_CHECK(!found);
}

CAF_TEST(a place that was cut off is left out) {
  auto notes = step_notes::begin(root, 7).value();
  notes.add(blob);
  notes.add(name_of_ann);
  fs::resize_file(file(), fs::file_size(file()) - 4);
  CAF_CHECK_EQUAL(read().places.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
