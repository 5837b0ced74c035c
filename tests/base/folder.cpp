#define CAF_SUITE base_folder

#include "base/folder.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <fcntl.h>
#include <fstream>

using namespace mediad;

namespace {

struct fixture : tests::temp_root {
  unique_fd opened = open_file(path, O_PATH | O_DIRECTORY).value();
  opened_folder folder{opened.get()};

  std::string code_of(const std::string& name, int flags) const {
    const auto made = (folder / name).open(flags);
    return made ? "ok" : to_string(made.error().code);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(folder_tests, fixture)

CAF_TEST(a file is made read and removed in the folder wherever that has moved to) {
  const auto away = path.string() + "-moved";
  std::filesystem::rename(path, away);
  const auto file = folder / "made";
  write_all(file.open(O_WRONLY | O_CREAT).value().get(), "bytes", 0).value();
  const auto again = file.open(O_RDONLY).value();
  CAF_CHECK_EQUAL(read_file(opened_file{again.get()}, 5).value(), "bytes");
  CAF_CHECK_EQUAL(opened_file{again.get()}.size().value(), 5u);
  file.remove();
  CAF_CHECK_EQUAL(code_of("made", O_RDONLY), "not_found");
  std::filesystem::rename(away, path);
}

CAF_TEST(a name leads nowhere else) {
  std::filesystem::create_directory(path / "below");
  std::ofstream{path / "below" / "file"} << "x";
  std::filesystem::create_symlink(path / "below" / "file", path / "link");
  for (const auto* name : {"", ".", "..", "below/file", "/etc/hostname"})
    CAF_CHECK_EQUAL(code_of(name, O_RDONLY), "bad_request");
  CAF_CHECK_NOT_EQUAL(code_of("link", O_RDONLY), "ok");
  CAF_CHECK_NOT_EQUAL(code_of("link", O_WRONLY | O_CREAT), "ok");
}

CAF_TEST(an opened file has one position for all and reopened one of its own) {
  const auto file = (folder / "file").open(O_RDWR | O_CREAT).value();
  write_all(file.get(), "bytes", 0).value();
  const opened_file shared{file.get()};
  const auto own = shared.reopen().value();
  const auto same = shared.duplicate().value();
  ::lseek(file.get(), 3, SEEK_SET);
  CAF_CHECK_EQUAL(::lseek(same.get(), 0, SEEK_CUR), 3);
  CAF_CHECK_EQUAL(::lseek(own.get(), 0, SEEK_CUR), 0);
  CAF_CHECK_EQUAL(read_file(shared, 5).value(), "bytes"); // from its first byte all the same
  CAF_CHECK_EQUAL(to_string(read_file(shared, 4).error().code), "too_large");
}

CAF_TEST_FIXTURE_SCOPE_END()
