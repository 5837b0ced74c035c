#define CAF_SUITE media_av_late_writer

#include "media/av/late_writer.hpp"

#include "base/file.hpp"
#include "tests/temp_root.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using mediad::media::av::late_writer;

namespace {

constexpr std::size_t part_bytes = 100'000;

struct fixture {
  mediad::tests::temp_root root;
  mediad::unique_fd fd{
    ::open((root.path / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)};

  static std::vector<std::uint8_t> part(int number) {
    return std::vector<std::uint8_t>(part_bytes, static_cast<std::uint8_t>(number));
  }

  std::string written() const {
    std::ifstream in{root.path / "file", std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(late_writer_tests, fixture)

CAF_TEST(what is taken in parts is in the file in their order) {
  late_writer out{fd.get()};
  std::string expected;
  for (int i = 0; i < 55; ++i) {
    CAF_REQUIRE_EQUAL(out.take(part(i), std::int64_t{i} * part_bytes), 0);
    expected.append(part_bytes, static_cast<char>(i));
  }
  CAF_REQUIRE_EQUAL(out.drain(), 0);
  CAF_CHECK(written() == expected);
}

CAF_TEST(a later part replaces what an earlier one put in its place) {
  late_writer out{fd.get()};
  std::string expected;
  for (int i = 0; i < 30; ++i) {
    CAF_REQUIRE_EQUAL(out.take(part(i), std::int64_t{i} * part_bytes), 0);
    expected.append(part_bytes, static_cast<char>(i));
  }
  for (const int at : {29, 0, 17}) {
    CAF_REQUIRE_EQUAL(out.take(part(200 + at), std::int64_t{at} * part_bytes), 0);
    expected.replace(static_cast<std::size_t>(at) * part_bytes, part_bytes, part_bytes,
                     static_cast<char>(200 + at));
  }
  CAF_REQUIRE_EQUAL(out.drain(), 0);
  CAF_CHECK(written() == expected);
}

CAF_TEST(a disk that is full is told at the latest in the end) {
  const mediad::unique_fd full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
  late_writer out{full.get()};
  int failed = 0;
  for (int i = 0; i < 30 && failed == 0; ++i)
    failed = out.take(part(i), std::int64_t{i} * part_bytes);
  CAF_CHECK_EQUAL(failed, ENOSPC);
  late_writer little{full.get()};
  CAF_CHECK_EQUAL(little.take(part(1), 0), 0);
  CAF_CHECK_EQUAL(little.drain(), ENOSPC);
}

CAF_TEST_FIXTURE_SCOPE_END()
