#define CAF_SUITE base_file

#include "base/file.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>

using namespace mediad;

namespace {

struct fixture : tests::temp_root {
  unique_fd create(const std::string& name) const {
    return open_file(path / name, O_RDWR | O_CREAT | O_EXCL).value();
  }

  static bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(file_tests, fixture)

CAF_TEST(what is written at an offset is read back) {
  const auto fd = create("f");
  CAF_CHECK(write_all(fd.get(), "world", 6));
  CAF_CHECK(write_all(fd.get(), "hello ", 0));
  CAF_CHECK_EQUAL(read_file(path / "f", 100).value(), "hello world");
}

CAF_TEST(a file that is larger than allowed is not read) {
  const auto fd = create("f");
  CAF_CHECK(write_all(fd.get(), std::string(200'000, 'x'), 0));
  CAF_CHECK_EQUAL(read_file(path / "f", 200'000).value().size(), 200'000u);
  const auto refused = read_file(path / "f", 199'999);
  CAF_REQUIRE(!refused);
  CAF_CHECK(refused.error().code == errc::too_large);
}

CAF_TEST(a missing file is not found and its name is told) {
  const auto none = open_file(path / "missing", O_RDONLY);
  CAF_REQUIRE(!none);
  CAF_CHECK(none.error().code == errc::not_found);
  CAF_CHECK(none.error().detail.find("missing") != std::string::npos);
}

CAF_TEST(a full disk is told from a broken one) {
  CAF_CHECK(fail_errno(ENOSPC, "x").code == errc::storage_full);
  CAF_CHECK(fail_errno(EDQUOT, "x").code == errc::storage_full);
  CAF_CHECK(fail_errno(EIO, "x").code == errc::storage_io);
  const auto full = open_file("/dev/full", O_WRONLY).value();
  const auto refused = write_all(full.get(), "x", 0);
  CAF_REQUIRE(!refused);
  CAF_CHECK(refused.error().code == errc::storage_full);
}

CAF_TEST(a descriptor is closed with its owner and only once) {
  int number = -1;
  {
    auto fd = create("f");
    number = fd.get();
    const auto moved = std::move(fd);
    CAF_CHECK_EQUAL(moved.get(), number);
    CAF_CHECK(is_open(number));
  }
  CAF_CHECK(!is_open(number));
}

CAF_TEST(closing tells of a descriptor that is gone) {
  auto fd = create("f");
  unique_fd thief{fd.get()};
  CAF_CHECK(thief.close());
  CAF_CHECK(!fd.close());
  CAF_CHECK(!fd);
}

CAF_TEST(descriptors are not handed to other programs) {
  const auto fd = create("f");
  CAF_CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

CAF_TEST(folders and files can be synced and a missing one says so) {
  create("f");
  CAF_CHECK(sync_directory(path));
  CAF_CHECK(sync_file(path / "f"));
  CAF_CHECK(!sync_directory(path / "f"));
  CAF_CHECK(!sync_directory(path / "missing"));
}

CAF_TEST_FIXTURE_SCOPE_END()
