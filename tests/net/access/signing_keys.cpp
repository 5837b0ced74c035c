#define CAF_SUITE net_access_signing_keys

#include "net/access/signing_keys.hpp"

#include "base/file.hpp"
#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <sys/stat.h>

using namespace mediad;
using namespace mediad::net;

namespace {

constexpr unix_ms week = std::chrono::milliseconds{longest_signature}.count();

struct keys_fixture {
  tests::temp_root root;
  std::filesystem::path file = root.path / "keys";

  static unsigned mode_of(const std::filesystem::path& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0;
  }
  void write(const std::string& text) const {
    std::ofstream{file} << text;
  }
  bool is_refused() const {
    signing_keys keys;
    const auto read = keys.keep_in(file);
    return !read && read.error().code == errc::storage_io;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(keys_tests, keys_fixture)

CAF_TEST(what was signed verifies and nothing else does) {
  const signing_keys keys;
  const auto s = keys.sign({"a", "b"});
  CAF_CHECK(keys.verify(s, {"a", "b"}));
  CAF_CHECK(!keys.verify(s, {"a", "c"}));
  CAF_CHECK(!keys.verify(s, {"ab"}));
  auto cut = s;
  cut.text.pop_back();
  CAF_CHECK(!keys.verify(cut, {"a", "b"}));
  CAF_CHECK(!keys.verify({s.key, ""}, {"a", "b"}));
  CAF_CHECK(!keys.verify({"", s.text}, {"a", "b"}));
  const signing_keys others;
  CAF_CHECK(!others.verify(s, {"a", "b"}));
  CAF_CHECK(!others.verify({others.sign({"a"}).key, s.text}, {"a", "b"}));
}

CAF_TEST(an old key verifies until its last signature has expired) {
  signing_keys keys;
  const auto s = keys.sign({"a"});
  const auto now = now_ms();
  keys.rotate(false, now).value();
  const auto fresh = keys.sign({"a"});
  CAF_CHECK(fresh.key != s.key);
  CAF_CHECK(keys.verify(s, {"a"}, now + week - 1));
  CAF_CHECK(!keys.verify(s, {"a"}, now + week));
  CAF_CHECK(keys.verify(fresh, {"a"}, now + week));
  CAF_CHECK_EQUAL(keys.count(now), 2U);
  CAF_CHECK_EQUAL(keys.count(now + week), 1U);
}

CAF_TEST(a rotation can end all that was signed) {
  signing_keys keys;
  const auto s = keys.sign({"a"});
  keys.rotate(true).value();
  CAF_CHECK(!keys.verify(s, {"a"}));
  CAF_CHECK_EQUAL(keys.count(), 1U);
}

CAF_TEST(keys are kept in a file that others cannot read) {
  signing_keys first;
  first.keep_in(file).value();
  CAF_CHECK_EQUAL(mode_of(file), 0600U);
  const auto before = first.sign({"a"});
  first.rotate(false).value();
  const auto after = first.sign({"a"});
  CAF_CHECK_EQUAL(mode_of(file), 0600U);
  signing_keys second;
  second.keep_in(file).value();
  CAF_CHECK(second.verify(before, {"a"}));
  CAF_CHECK(second.verify(after, {"a"}));
  CAF_CHECK(second.sign({"a"}).text == after.text);
}

CAF_TEST(a file that others could read is closed to them) {
  signing_keys first;
  first.keep_in(file).value();
  ::chmod(file.c_str(), 0644);
  signing_keys second;
  second.keep_in(file).value();
  CAF_CHECK_EQUAL(mode_of(file), 0600U);
}

CAF_TEST(a rotation forgets keys of which no signature counts) {
  signing_keys keys;
  keys.keep_in(file).value();
  const auto now = now_ms();
  keys.rotate(false, now).value();
  keys.rotate(false, now + week).value();
  CAF_CHECK_EQUAL(keys.count(now), 2U);
  const auto text = read_file(file, 10'000).value();
  CAF_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 2);
}

CAF_TEST(a rotation that cannot be kept changes nothing) {
  signing_keys keys;
  keys.keep_in(file).value();
  const auto s = keys.sign({"a"});
  std::filesystem::remove_all(root.path);
  CAF_CHECK(!keys.rotate(true));
  CAF_CHECK(keys.verify(s, {"a"}));
}

CAF_TEST(a file that holds no keys is refused) {
  signing_keys keys;
  keys.keep_in(file).value();
  const auto good = read_file(file, 10'000).value();
  write(good + "more\n");
  CAF_CHECK(is_refused());
  write("");
  CAF_CHECK(is_refused());
  write(good.substr(0, 40) + '\n');
  CAF_CHECK(is_refused());
  write(good + good);
  CAF_CHECK(is_refused());
  write(good);
  CAF_CHECK(!is_refused());
}

CAF_TEST_FIXTURE_SCOPE_END()
