#define CAF_SUITE storage_rules_shares

#include "base/ulid.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace mediad;
using mediad::tests::code_of;

namespace {

struct shares_fixture : tests::scene {
  share_row row_of(const std::string& user, std::vector<std::string> files,
                   share_allow allow = share_allow::view) const {
    share_row row;
    row.id = make_ulid();
    row.user = id_of(user);
    row.digest = std::string(32, '\7');
    row.allow = allow;
    row.files = std::move(files);
    row.created_at = now_ms();
    return row;
  }
  share_row wanting(const std::string& user) const {
    return row_of(user, {}, share_allow::upload);
  }
  std::string shared(const share_row& row) {
    return apply(storage::new_share{row}).value().id;
  }
  result<storage::applied> change(const std::string& user, storage::share_change c) {
    c.user = id_of(user);
    return apply(std::move(c));
  }
  share_row stored(const std::string& id) const {
    return reader().find_share(id).value();
  }

  storage::new_upload by_guest(const std::string& share, std::uint64_t length) const {
    storage::new_upload c{id_of("ann"), "a.jpg"};
    c.sender = share;
    c.by_guest = true;
    c.length = length;
    return c;
  }
  /// A body of a guest's that has arrived.
  result<storage::applied> sent(const std::string& share, const std::string& bytes,
                                profile kind = profile::image) {
    const auto begun = apply(by_guest(share, bytes.size()));
    if (!begun)
      return begun;
    write(reader().staging_path(begun->record.id), bytes);
    auto a = arrival_of(begun->record, bytes);
    a.profile = kind;
    return apply(a);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(shares_tests, shares_fixture)

CAF_TEST(a share is kept as it was made and listed for its sharer alone) {
  const auto file = upload("ann", "a.jpg", "sand").id;
  auto wanted = row_of("ann", {file}, share_allow::download);
  wanted.name = "Beach";
  wanted.expires_at = now_ms() + 1'000'000;
  wanted.password = "a hash";
  wanted.credential = "a token";
  wanted.originals = true;
  const auto id = shared(wanted);
  open();
  CAF_CHECK(reader().shares(id_of("bob")).value().empty());
  const auto all = reader().shares(id_of("ann")).value();
  CAF_REQUIRE_EQUAL(all.size(), 1U);
  const auto& row = all.front();
  CAF_CHECK_EQUAL(row.id, id);
  CAF_CHECK_EQUAL(row.digest, wanted.digest);
  CAF_CHECK(row.allow == share_allow::download);
  CAF_CHECK_EQUAL(row.files, std::vector<std::string>{file});
  CAF_CHECK_EQUAL(row.name, "Beach");
  CAF_CHECK_EQUAL(row.expires_at, wanted.expires_at);
  CAF_CHECK_EQUAL(row.password, "a hash");
  CAF_CHECK_EQUAL(row.credential, "a token");
  CAF_CHECK(row.originals);
}

CAF_TEST(nobody shares what another user has or what is not there) {
  const auto bobs = upload("bob", "b.jpg", "sand").id;
  const auto anns = upload("ann", "a.jpg", "sand").id;
  CAF_CHECK(code_of(apply(storage::new_share{row_of("ann", {anns, bobs})})) == errc::not_found);
  CAF_CHECK(code_of(apply(storage::new_share{row_of("ann", {make_ulid()})})) == errc::not_found);
  auto stray = row_of("ann", {anns});
  stray.user = make_ulid();
  CAF_CHECK(code_of(apply(storage::new_share{stray})) == errc::not_found);
  CAF_CHECK(reader().shares(id_of("ann")).value().empty());
}

CAF_TEST(a share shows files or takes some) {
  const auto file = upload("ann", "a.jpg", "sand").id;
  CAF_CHECK(code_of(apply(storage::new_share{row_of("ann", {})})) == errc::bad_request);
  const auto both = row_of("ann", {file}, share_allow::upload);
  CAF_CHECK(code_of(apply(storage::new_share{both})) == errc::bad_request);
  const std::vector<std::string> many(storage::max_shared_files + 1, file);
  CAF_CHECK(code_of(apply(storage::new_share{row_of("ann", many)})) == errc::bad_request);
}

CAF_TEST(a user has at most a thousand shares) {
  std::vector<storage::change> group;
  for (std::size_t i = 0; i < storage::max_shares; ++i)
    group.emplace_back(storage::new_share{wanting("ann")});
  for (const auto& done : apply_all(std::move(group)))
    CAF_REQUIRE(done);
  CAF_CHECK(code_of(apply(storage::new_share{wanting("ann")})) == errc::too_many);
  CAF_CHECK(apply(storage::new_share{wanting("bob")}));
}

CAF_TEST(only the sharer changes a share and takes it back) {
  const auto id = shared(row_of("ann", {upload("ann", "a.jpg", "sand").id}));
  storage::share_change c;
  c.id = id;
  c.name = "Sea";
  c.allow = share_allow::download;
  c.password = "a hash";
  CAF_CHECK(code_of(change("bob", c)) == errc::not_found);
  CAF_CHECK(change("ann", c));
  CAF_CHECK_EQUAL(stored(id).name, "Sea");
  CAF_CHECK_EQUAL(stored(id).password, "a hash");
  CAF_CHECK(stored(id).allow == share_allow::download);
  storage::share_change turned;
  turned.id = id;
  turned.allow = share_allow::upload;
  CAF_CHECK(code_of(change("ann", turned)) == errc::conflict);
  CAF_CHECK(code_of(apply(storage::share_removal{id_of("bob"), id})) == errc::not_found);
  CAF_CHECK(apply(storage::share_removal{id_of("ann"), id}));
  CAF_CHECK(code_of(reader().find_share(id)) == errc::not_found);
}

CAF_TEST(uses are counted and bring nothing back) {
  const auto id = shared(wanting("ann"));
  CAF_REQUIRE(apply(storage::share_use{id, 2}));
  CAF_REQUIRE(apply(storage::share_use{id}));
  CAF_CHECK_EQUAL(stored(id).uses, 3U);
  CAF_CHECK(stored(id).used_at > 0);
  CAF_REQUIRE(apply(storage::share_removal{id_of("ann"), id}));
  CAF_CHECK(apply(storage::share_use{id}));
  CAF_CHECK(!reader().find_share(id));
}

CAF_TEST(what a guest sends is the sharers and is counted) {
  const auto id = shared(wanting("ann"));
  const auto r = sent(id, "sand").value().record;
  CAF_CHECK_EQUAL(r.user, id_of("ann"));
  CAF_CHECK_EQUAL(r.sender, id);
  CAF_CHECK_EQUAL(stored(id).sent_files, 1U);
  CAF_CHECK_EQUAL(stored(id).sent_bytes, 4U);
  const auto used = reader().find_usage(id_of("ann")).value();
  CAF_CHECK_EQUAL(used.held_bytes(), 4U);
}

CAF_TEST(a guest sends no more files than the share takes) {
  auto row = wanting("ann");
  row.max_files = 2;
  const auto id = shared(row);
  // Both have begun before either counts.
  const auto first = apply(by_guest(id, 3)).value().record;
  const auto second = apply(by_guest(id, 3)).value().record;
  const auto third = apply(by_guest(id, 3)).value().record;
  for (const auto* r : {&first, &second, &third})
    write(reader().staging_path(r->id), "sea");
  CAF_CHECK(apply(arrival_of(first, "sea")));
  CAF_CHECK(apply(arrival_of(second, "sea")));
  CAF_CHECK(code_of(apply(arrival_of(third, "sea"))) == errc::quota_exceeded);
  CAF_CHECK(code_of(apply(by_guest(id, 3))) == errc::quota_exceeded);
  CAF_CHECK_EQUAL(stored(id).sent_files, 2U);
}

CAF_TEST(the sharer hears of a share and no secret of it is in the events) {
  auto row = wanting("ann");
  row.password = "a hash";
  row.max_files = 2;
  const auto id = shared(row);
  storage::share_change c;
  c.id = id;
  c.name = "Send me";
  CAF_REQUIRE(change("ann", c));
  CAF_REQUIRE(sent(id, "sand"));
  const storage::share_use opened{id};
  CAF_REQUIRE(apply(opened));
  CAF_REQUIRE(apply(storage::share_removal{id_of("ann"), id}));
  CAF_CHECK_EQUAL(history(),
                  "1 share.created\n2 share.updated\n3 file.registered\n4 share.removed\n");
  const auto told = reader().events_after(0, 10).value();
  for (const auto at : {0U, 1U, 3U}) {
    const auto& e = told.at(at);
    CAF_CHECK_EQUAL(e.user, id_of("ann"));
    CAF_CHECK_EQUAL(e.file_id, "");
    CAF_CHECK_EQUAL(e.share.id, id);
    CAF_CHECK_EQUAL(e.share.max_files, 2U);
    CAF_CHECK_EQUAL(e.share.digest, "");
    CAF_CHECK_EQUAL(e.share.password, "*");
  }
  CAF_CHECK_EQUAL(told.at(0).share.name, "");
  CAF_CHECK_EQUAL(told.at(1).share.name, "Send me");
}

CAF_TEST(a guest sends no more bytes than the share takes) {
  auto row = wanting("ann");
  row.max_bytes = 6;
  const auto id = shared(row);
  CAF_CHECK(code_of(apply(by_guest(id, 7))) == errc::quota_exceeded);
  CAF_CHECK(sent(id, "sand"));
  CAF_CHECK(code_of(sent(id, "sea")) == errc::quota_exceeded);
  CAF_CHECK(sent(id, "is"));
  CAF_CHECK_EQUAL(stored(id).sent_bytes, 6U);
}

CAF_TEST(a file of another profile is not taken and leaves nothing) {
  auto row = wanting("ann");
  row.profiles = 1U << static_cast<unsigned>(profile::image);
  const auto id = shared(row);
  CAF_CHECK(code_of(sent(id, "song", profile::audio)) == errc::other_profile);
  CAF_CHECK_EQUAL(stored(id).sent_files, 0U);
  CAF_CHECK_EQUAL(history(), "1 share.created\n");
  CAF_CHECK(sent(id, "sand", profile::image));
}

CAF_TEST(whoever sends it a file of a profile that is not wanted is not taken) {
  const auto begun = begin("ann", "a.jpg", "sand");
  auto a = arrival_of(begun, "sand");
  a.profiles = 1U << static_cast<unsigned>(profile::audio);
  CAF_CHECK(code_of(apply(a)) == errc::other_profile);
  CAF_CHECK_EQUAL(history(), "");
  a.profiles |= 1U << static_cast<unsigned>(profile::image);
  CAF_CHECK(apply(a));
}

CAF_TEST(the quota of the sharer counts for guests) {
  storage::user_change c{id_of("ann")};
  c.quota = 5;
  apply(c).value();
  const auto id = shared(wanting("ann"));
  CAF_CHECK(sent(id, "sand"));
  CAF_CHECK(code_of(sent(id, "sea")) == errc::quota_exceeded);
}

CAF_TEST(a share that has ended or shows files takes none) {
  const auto id = shared(wanting("ann"));
  storage::share_change c;
  c.id = id;
  c.expires_at = now_ms() - 1;
  CAF_REQUIRE(change("ann", c));
  CAF_CHECK(code_of(apply(by_guest(id, 3))) == errc::not_found);
  const auto shows = shared(row_of("ann", {upload("ann", "a.jpg", "sand").id}));
  CAF_CHECK(code_of(apply(by_guest(shows, 3))) == errc::not_found);
  CAF_CHECK(code_of(apply(by_guest(shared(wanting("bob")), 3))) == errc::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
