#define CAF_SUITE net_uploads_staging_file

#include "net/uploads/staging_file.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "tests/storage/scene.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstring>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using net::uploads::staging_file;

namespace {

using written = result<staging_file::written>;

/// Writes @p bytes in pieces no larger than @p piece.
boost::asio::awaitable<written> fill(staging_file file, std::string bytes, std::size_t piece) {
  std::string_view left = bytes;
  while (!left.empty()) {
    const auto room = co_await file.room();
    if (!room)
      co_return fail(room.error());
    const auto n = std::min({left.size(), room->size(), piece});
    std::memcpy(room->data(), left.data(), n);
    left.remove_prefix(n);
    file.filled(n);
  }
  co_return co_await file.save();
}

struct fixture : tests::scene {
  net::services shared{net::settings{}, net::backend_handles{nullptr, {}, {}, {}, reader()}};
  boost::asio::io_context io;
  std::filesystem::path path = root() / "system" / "staging" / "file";

  // A file that was given up may have jobs under way, which come back to `io`.
  ~fixture() {
    shared.disk.join();
    io.restart();
    io.poll();
  }

  written run(const std::filesystem::path& to, std::optional<std::uint64_t> length,
              const std::string& bytes, std::size_t piece) {
    staging_file::plan what;
    what.file = to;
    what.length = length;
    return run(std::move(what), bytes, piece);
  }

  written run(staging_file::plan what, const std::string& bytes, std::size_t piece) {
    io.restart();
    staging_file file{shared, io.get_executor(), std::move(what)};
    auto answer =
      boost::asio::co_spawn(io, fill(std::move(file), bytes, piece), boost::asio::use_future);
    const auto work = boost::asio::make_work_guard(io);
    while (answer.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
      io.run_one();
    return answer.get();
  }

  /// An empty file to write to.
  std::filesystem::path fresh() {
    write(path, "");
    return path;
  }
};

std::string digest(const staging_file::written& done) {
  return std::move(*sha256::restore(done.hash)).hex();
}

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(i * 31 + i / 251);
  return bytes;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(staging_file_tests, fixture)

CAF_TEST(what is written is what was given with its length and hash) {
  for (const std::size_t size : {0U, 1U, 65'536U, 262'145U, 3'000'000U, 17'000'000U}) {
    const auto bytes = pattern(size);
    for (const auto length : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{size}}) {
      const auto done = run(fresh(), length, bytes, 100'000);
      CAF_REQUIRE(done);
      CAF_CHECK_EQUAL(done->bytes, size);
      const auto on_disk = sha256_of_file(path).value();
      CAF_CHECK_EQUAL(digest(*done), on_disk);
      const bool same = read_file(path, 64U << 20U).value() == bytes;
      CAF_CHECK(same);
    }
  }
}

CAF_TEST(a later file goes on where an earlier one was saved and forgets what came after) {
  const auto bytes = pattern(3'000'000);
  const auto first = run(fresh(), bytes.size(), bytes.substr(0, 1'000'001), 100'000);
  CAF_REQUIRE(first);
  write(path, bytes.substr(0, 1'000'001) + "never acknowledged");
  staging_file::plan rest;
  rest.file = path;
  rest.start = *first;
  const auto done = run(std::move(rest), bytes.substr(1'000'001), 100'000);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->bytes, bytes.size());
  CAF_CHECK_EQUAL(digest(*done), sha256_of_file(path).value());
  const bool same = read_file(path, 64U << 20U).value() == bytes;
  CAF_CHECK(same);
}

CAF_TEST(fewer bytes than announced leave no more than they are) {
  const auto done = run(fresh(), 5'000'000, pattern(2'000'000), 100'000);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(std::filesystem::file_size(path), 2'000'000u);
}

CAF_TEST(a full disk is storage full whenever it is noticed) {
  const auto at_the_end = run("/dev/full", std::nullopt, "x", 1);
  CAF_REQUIRE(!at_the_end);
  CAF_CHECK(at_the_end.error().code == errc::storage_full);
  const auto midway = run("/dev/full", std::nullopt, pattern(20'000'000), 100'000);
  CAF_REQUIRE(!midway);
  CAF_CHECK(midway.error().code == errc::storage_full);
}

CAF_TEST(a missing file is the disk 's fault and not the client' s) {
  const auto done = run(root() / "missing", std::nullopt, "x", 1);
  CAF_REQUIRE(!done);
  CAF_CHECK(done.error().code == errc::storage_io);
}

CAF_TEST(without budget buffers are small and everything still arrives) {
  CAF_REQUIRE(shared.buffers.take(std::size_t{128} << 20U));
  staging_file::plan what;
  what.file = fresh();
  staging_file file{shared, io.get_executor(), std::move(what)};
  auto room = boost::asio::co_spawn(io, file.room(), boost::asio::use_future);
  io.run();
  const auto size = room.get().value().size();
  CAF_CHECK_EQUAL(size, net::transfer_buffer::small_bytes);
  const auto bytes = pattern(1'000'000);
  const auto done = run(fresh(), std::nullopt, bytes, 100'000);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(digest(*done), sha256_of_file(path).value());
}

CAF_TEST(a file at rest holds no memory and goes on) {
  staging_file::plan what;
  what.file = fresh();
  staging_file file{shared, io.get_executor(), std::move(what)};
  const auto step = [this](auto task) {
    io.restart();
    auto answer = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
    const auto work = boost::asio::make_work_guard(io);
    while (answer.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
      io.run_one();
    return answer.get();
  };
  const auto room = step(file.room()).value();
  room[0] = 'a';
  file.filled(1);
  file.release_buffers();
  CAF_CHECK_EQUAL(step(file.save()).value().bytes, 1u);
  const bool all_is_free = shared.buffers.take(std::size_t{128} << 20U);
  CAF_CHECK(all_is_free);
  const auto more = step(file.room()).value();
  more[0] = 'b';
  file.filled(1);
  const auto done = step(file.save()).value();
  CAF_CHECK_EQUAL(read_file(path, 100).value(), "ab");
  CAF_CHECK_EQUAL(digest(done), sha256_of_file(path).value());
}

CAF_TEST(every buffer gives its budget back) {
  for (int i = 0; i < 120; ++i) {
    const auto done = run(fresh(), std::nullopt, pattern(1'200'000), 400'000);
    CAF_REQUIRE(done);
  }
  io.restart();
  io.poll();
  CAF_CHECK(shared.buffers.take(std::size_t{128} << 20U));
}

CAF_TEST_FIXTURE_SCOPE_END()
