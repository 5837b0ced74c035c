#define CAF_SUITE storage_journal

#include "storage/journal.hpp"

#include "base/ulid.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace mediad;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using storage::journal;
using storage::journal_segment;

namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;

std::string digest_of(const std::string& bytes) {
  sha256 hash;
  hash.update(bytes);
  return std::move(hash).hex();
}

/// A body of its own for each number.
std::string body_of(unsigned number, std::size_t bytes = 10'000) {
  std::string body(bytes, static_cast<char>('a' + number % 26));
  return body + std::to_string(number);
}

/// For what another thread does in its own time.
template <class Condition>
void wait_until(Condition happened) {
  const auto limit = std::chrono::steady_clock::now() + 30s;
  while (!happened() && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(5ms);
  CAF_REQUIRE(std::chrono::steady_clock::now() < limit);
}

/// A store with a small journal that has its segments already.
struct fixture : tests::scene {
  fixture() {
    use_journal_of(2 * mib);
  }

  void use_journal_of(std::uint64_t bytes) {
    settings.journal_bytes = bytes;
    open();
    make_segments();
  }

  /// The first who comes is sent another way while they are made.
  void make_segments() {
    CAF_REQUIRE_EQUAL(small().append(digest_of("first"), "first").error().code, errc::busy);
    wait_until([&] { return small().append(digest_of("first"), "first").has_value(); });
  }

  journal& small() const {
    return *store->small_bodies();
  }

  fs::path segment_file(std::size_t number) const {
    return root() / storage::journal_place(number).path();
  }

  /// As a small upload comes: its bytes in staging and in the journal, its record with its arrival.
  storage::arrival arrive(const std::string& name, const std::string& bytes) {
    file_record r;
    r.id = make_ulid();
    write(reader().staging_path(r.id), bytes);
    auto a = arrival_of(r, bytes);
    a.fresh = storage::new_upload{"ann", name};
    a.journal_ticket = small().append(a.sha256, bytes).value();
    return a;
  }

  file_record upload_small(const std::string& name, const std::string& bytes) {
    return apply(arrive(name, bytes)).value().record;
  }

  fs::path stored(const file_record& r) const {
    return root() / storage::blob_place(r.sha256).path();
  }

  bool shows(const file_record& r, const std::string& bytes) const {
    return read(reader().original_path(r)) == bytes && read(stored(r)) == bytes
           && read(root() / storage::original_link(r).path()) == bytes;
  }
};

/// All records of both segments.
std::vector<std::string> records_below(const fs::path& root) {
  const auto place = storage::folders::open(root).value();
  std::vector<std::string> all;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto segment = journal_segment::open(place, storage::journal_place(i)).value();
    segment
      .scan([&](const journal_segment::record& r) -> result<> {
        if (digest_of(std::string{r.body}) == r.sha256)
          all.emplace_back(r.sha256);
        return {};
      })
      .value();
  }
  return all;
}

void overwrite(const fs::path& file, std::uint64_t offset, const std::string& bytes) {
  auto fd = open_file(file, O_WRONLY).value();
  write_all(fd.get(), bytes, offset).value();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(journal_tests, fixture)

CAF_TEST(a body is in the journal once its ticket was awaited) {
  const auto ticket = small().append(digest_of("sand"), "sand").value();
  CAF_REQUIRE(small().await(ticket));
  const auto all = records_below(root());
  CAF_CHECK_EQUAL(std::count(all.begin(), all.end(), digest_of("sand")), 1);
}

CAF_TEST(bodies of many threads all become durable) {
  use_journal_of(64 * mib);
  std::atomic<unsigned> number{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (auto n = number++; n < 400; n = number++) {
        const auto body = body_of(n);
        small().await(small().append(digest_of(body), body).value()).value();
      }
    });
  threads.clear();
  const auto all = records_below(root());
  const std::set<std::string> found{all.begin(), all.end()};
  unsigned missing = 0;
  for (unsigned n = 0; n < 400; ++n)
    missing += found.count(digest_of(body_of(n))) == 0 ? 1 : 0;
  CAF_CHECK_EQUAL(missing, 0U);
}

CAF_TEST(a body that is aligned in memory is written as it is) {
  alignas(4096) static const std::array<char, 3 * 4096> block = [] {
    std::array<char, 3 * 4096> b{};
    b.fill('x');
    return b;
  }();
  for (const std::size_t bytes : {0U, 1U, 4095U, 4096U, 4097U, 12'288U}) {
    const std::string body{block.data(), bytes};
    const auto ticket = small().append(digest_of(body), {block.data(), bytes}).value();
    CAF_REQUIRE(small().await(ticket));
    const auto all = records_below(root());
    CAF_CHECK_EQUAL(std::count(all.begin(), all.end(), digest_of(body)), 1);
  }
}

CAF_TEST(a torn record hides none of those around it) {
  for (unsigned n = 0; n < 3; ++n)
    CAF_REQUIRE(small().await(small().append(digest_of(body_of(n)), body_of(n)).value()));
  const auto before = records_below(root());
  // The first record of the fixture, then these three, four blocks each.
  const auto middle = 4096 + 2 * 4096 + journal_segment::record_bytes(10'001);
  overwrite(segment_file(0), middle, std::string(4096, '\0'));
  const auto after = records_below(root());
  CAF_CHECK_EQUAL(after.size() + 1, before.size());
  CAF_CHECK_EQUAL(std::count(after.begin(), after.end(), digest_of(body_of(1))), 0);
  CAF_CHECK_EQUAL(std::count(after.begin(), after.end(), digest_of(body_of(2))), 1);
}

CAF_TEST(a record whose head was changed by one bit is none) {
  CAF_REQUIRE(small().await(small().append(digest_of("sand"), "sand").value()));
  const auto before = records_below(root());
  overwrite(segment_file(0), 4096 + 2 * 4096 + 40, "\x7f");
  CAF_CHECK_EQUAL(records_below(root()).size() + 1, before.size());
}

CAF_TEST(records of an earlier time around are not seen) {
  CAF_REQUIRE(small().await(small().append(digest_of("sand"), "sand").value()));
  store.reset();
  const auto place = storage::folders::open(root()).value();
  for (std::size_t i = 0; i < 2; ++i)
    journal_segment::open(place, storage::journal_place(i)).value().begin_generation().value();
  CAF_CHECK(records_below(root()).empty());
}

CAF_TEST(a full journal says so and takes more once the store is synced) {
  const std::string body(mib / 2, 'x');
  unsigned taken = 0;
  auto last = small().append(digest_of(body), body);
  for (; last; last = small().append(digest_of(body), body))
    ++taken;
  CAF_CHECK(last.error().code == errc::busy);
  CAF_CHECK(taken >= 1 && taken <= 3);
  wait_until([&] { return small().append(digest_of(body), body).has_value(); });
}

CAF_TEST(a body that is larger than a record may be is refused) {
  const std::string body(journal::max_body_bytes + 1, 'x');
  CAF_CHECK(small().append(digest_of(body), body).error().code == errc::too_large);
}

CAF_TEST(without a journal everything takes the other way) {
  settings.journal_bytes = 0;
  open();
  CAF_CHECK(small().append(digest_of("sand"), "sand").error().code == errc::busy);
  CAF_CHECK(!fs::exists(segment_file(0)));
}

CAF_TEST(a journal of another size replaces the one that was there) {
  CAF_CHECK_EQUAL(fs::file_size(segment_file(0)), mib);
  use_journal_of(4 * mib);
  CAF_CHECK_EQUAL(fs::file_size(segment_file(0)), 2 * mib);
}

CAF_TEST(a small file looks like any other) {
  const auto r = upload_small("beach.jpg", "sand");
  CAF_CHECK(shows(r, "sand"));
  CAF_CHECK_EQUAL(history(), "1 file.registered\n");
  struct stat about {};
  CAF_REQUIRE_EQUAL(::stat(stored(r).c_str(), &about), 0);
  CAF_CHECK_EQUAL(about.st_mode & 07777U, storage::stored_mode);
}

CAF_TEST(what a power cut took from the store comes back from the journal) {
  const auto lost = upload_small("lost.jpg", "lost");
  const auto emptied = upload_small("emptied.jpg", "emptied");
  const auto zeroed = upload_small("zeroed.jpg", "zeroed");
  const auto whole = upload_small("whole.jpg", "whole");
  store.reset();
  fs::remove(stored(lost));
  fs::remove(root() / storage::original_link(lost).path());
  for (const auto& r : {emptied, zeroed})
    fs::permissions(stored(r), fs::perms::owner_all);
  fs::resize_file(stored(emptied), 0);
  overwrite(stored(zeroed), 0, std::string(6, '\0'));
  open();
  CAF_CHECK(shows(lost, "lost"));
  CAF_CHECK(shows(emptied, "emptied"));
  CAF_CHECK(shows(zeroed, "zeroed"));
  CAF_CHECK(shows(whole, "whole"));
}

CAF_TEST(a body without a record is not brought back) {
  arrive("never.jpg", "never registered");
  const auto r = upload_small("beach.jpg", "sand");
  const auto gone = upload_small("gone.jpg", "gone");
  apply(storage::removal{gone.id}).value();
  open();
  CAF_CHECK(!fs::exists(root() / storage::blob_place(digest_of("never registered")).path()));
  CAF_CHECK(!fs::exists(stored(gone)));
  CAF_CHECK(shows(r, "sand"));
}

CAF_TEST(an arrival that comes after its ticket has lapsed is stored all the same) {
  auto late = arrive("late.jpg", "late");
  wait_until([&] { return !small().covers(late.journal_ticket); });
  const auto r = apply(late).value().record;
  CAF_CHECK(shows(r, "late"));
}

CAF_TEST_FIXTURE_SCOPE_END()
