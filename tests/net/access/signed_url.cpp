#define CAF_SUITE net_access_signed_url

#include "net/access/signed_url.hpp"

#include "base/ulid.hpp"
#include "net/access/credentials.hpp"
#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad;
using namespace mediad::tests;
using net::known_by;
using net::right;
using net::rights;

namespace {

struct url_fixture : scene {
  net::signing_keys keys;
  file_record photo = finished("ann", "a.jpg", "sand");
  unix_ms until = now_ms() + 60'000;

  net::caller ann(known_by by = known_by::session, const std::string& credential = {}) const {
    return {id_of("ann"), rights::all(), by, credential};
  }
  std::string sign(const std::string& of = "content") const {
    return sign_url(keys, photo, of, ann(), until);
  }
  result<net::caller> caller_of(const std::string& url) const {
    return net::caller_of_url(reader(), keys, net::fields::parse_target(url).value());
  }
  bool is_refused(const std::string& url) const {
    const auto who = caller_of(url);
    return !who && who.error().code == errc::unauthenticated;
  }
  /// The url with other text in place of the first @p what.
  static std::string with(std::string url, const std::string& what, const std::string& other) {
    return url.replace(url.find(what), what.size(), other);
  }
  credential_row token(unix_ms expires_at = 0) {
    credential_row row;
    row.id = make_ulid();
    row.user = id_of("ann");
    row.kind = credential_kind::token;
    row.scopes = rights::all().to_bits();
    row.expires_at = expires_at;
    apply(storage::new_credential{row}).value();
    return row;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(url_tests, url_fixture)

CAF_TEST(a signed address is its maker with the right to read alone) {
  for (const std::string of : {"content", "preview", "archive", "renditions/w640.webp"}) {
    const auto url = sign(of);
    CAF_MESSAGE(url);
    CAF_CHECK(url.starts_with("/v1/files/" + photo.id + '/' + of + "?expires="));
    const auto who = caller_of(url);
    CAF_REQUIRE(who);
    CAF_CHECK_EQUAL(who->user, id_of("ann"));
    CAF_CHECK(who->may == rights{right::read});
    CAF_CHECK(who->by == known_by::signature);
    CAF_CHECK(net::still_counts(reader(), *who));
  }
}

CAF_TEST(no part of an address can be changed) {
  const auto other = finished("ann", "b.jpg", "other sand");
  const auto url = sign();
  CAF_CHECK(!is_refused(url));
  CAF_CHECK(is_refused(with(url, photo.id, other.id)));
  CAF_CHECK(is_refused(with(url, "/content", "/archive")));
  CAF_CHECK(is_refused(with(url, "/content", "/renditions/w640.webp")));
  CAF_CHECK(is_refused(with(url, "expires=1", "expires=3")));
  CAF_CHECK(is_refused(with(url, "user=" + id_of("ann"), "user=" + id_of("bob"))));
  CAF_CHECK(is_refused(with(url, "key=0", "key=1")));
  CAF_CHECK(is_refused(with(url, "signature=", "signature=A")));
  CAF_CHECK(is_refused(url.substr(0, url.size() - 1)));
}

CAF_TEST(nothing can be added to an address) {
  const auto url = sign();
  for (const auto* more : {"&download=1", "&", "&key=1", "&signature=1", "&user=1", "&expires=1"})
    CAF_CHECK(is_refused(url + more));
  CAF_CHECK(is_refused(with(url, "?", "?download=1&")));
}

CAF_TEST(an address ends at its time) {
  until = now_ms() - 1;
  CAF_CHECK(is_refused(sign()));
  for (const auto* end : {"", "-1", "soon", "99999999999999999999999", "9999999999999999"})
    CAF_CHECK(is_refused(
      with(sign(), "expires=" + std::to_string(until / 1'000), "expires=" + std::string{end})));
}

CAF_TEST(an address ends with its maker) {
  const auto url = sign();
  const auto who = caller_of(url).value();
  storage::user_change change{id_of("ann")};
  change.disabled = true;
  apply(change).value();
  CAF_CHECK(is_refused(url));
  CAF_CHECK(!net::still_counts(reader(), who));
}

CAF_TEST(an address ends with the token that made it) {
  const auto row = token();
  const auto url = sign_url(keys, photo, "content", ann(known_by::token, row.id), until);
  const auto who = caller_of(url);
  CAF_REQUIRE(who);
  CAF_CHECK_EQUAL(who->maker, row.id);
  apply(storage::credential_removal{row.user, row.id}).value();
  CAF_CHECK(is_refused(url));
  CAF_CHECK(!net::still_counts(reader(), *who));
  const auto late = token(now_ms() - 1);
  CAF_CHECK(is_refused(sign_url(keys, photo, "content", ann(known_by::token, late.id), until)));
}

CAF_TEST(an address ends with its bytes) {
  const auto url = sign("renditions/w640.webp");
  auto others = photo;
  others.renditions.front().sha256 = std::string(64, '0');
  CAF_CHECK(is_refused(sign_url(keys, others, "renditions/w640.webp", ann(), until)));
  CAF_CHECK(!is_refused(url));
  apply(storage::removal{photo.id}).value();
  CAF_CHECK(is_refused(url));
}

CAF_TEST(a file has no digest of what it does not have) {
  CAF_CHECK_EQUAL(net::digest_of(photo, "content"), photo.sha256);
  for (const auto* none : {"", "renditions/", "renditions/none", "contents", "record"})
    CAF_CHECK_EQUAL(net::digest_of(photo, none), "");
  const auto fresh = begin("ann", "b.jpg", "sand");
  CAF_CHECK_EQUAL(net::digest_of(fresh, "content"), "");
  CAF_CHECK_EQUAL(net::digest_of(fresh, "preview"), "");
}

CAF_TEST(only bytes of a file can be signed) {
  using path = std::vector<std::string>;
  CAF_CHECK(net::part_of_path(path{"v1", "files", "x", "preview"}));
  CAF_CHECK(net::part_of_path(path{"v1", "files", "x", "renditions", "y"}));
  for (const auto& other :
       {path{}, path{"v1", "files", "x"}, path{"v1", "files", "x", "sign"},
        path{"v1", "files", "x", "renditions"}, path{"v1", "files", "x", "content", "y"},
        path{"v2", "files", "x", "content"}, path{"v1", "folders", "x", "content"}})
    CAF_CHECK(!net::part_of_path(other));
}

CAF_TEST_FIXTURE_SCOPE_END()
