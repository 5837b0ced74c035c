#define CAF_SUITE net_routes

#include "net/routes.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using net::endpoint;
using net::find_route;
using verb = net::http::verb;
using path = std::vector<std::string>;

CAF_TEST(the same path leads elsewhere by another method) {
  const auto posted = find_route(verb::post, path{"v1", "files"}).found;
  const auto got = find_route(verb::get, path{"v1", "files"}).found;
  CAF_CHECK(posted == endpoint::upload);
  CAF_CHECK(got == endpoint::list);
}

CAF_TEST(braces stand for any segment and hand it over in order) {
  const auto r = find_route(verb::get, path{"v1", "files", "ID", "renditions", "a b/c"});
  CAF_REQUIRE(r.found == endpoint::rendition);
  const path expected{"ID", "a b/c"};
  CAF_CHECK_EQUAL(r.arguments, expected);
}

CAF_TEST(HEAD goes wherever GET goes and nowhere else unless it has a route of its own) {
  const auto content = find_route(verb::head, path{"v1", "files", "ID", "content"}).found;
  const auto offset = find_route(verb::head, path{"v1", "files", "ID"}).found;
  const auto cancel = find_route(verb::head, path{"v1", "files", "ID", "cancel"}).found;
  CAF_CHECK(content == endpoint::content);
  CAF_CHECK(offset == endpoint::offset);
  CAF_CHECK(!cancel);
}

CAF_TEST(a known path by an unknown method names the methods it knows) {
  const auto r = find_route(verb::put, path{"v1", "files", "ID"});
  CAF_CHECK(!r.found);
  CAF_CHECK_EQUAL(r.allow, "GET, HEAD, PATCH, DELETE, OPTIONS");
}

CAF_TEST(an unknown path allows nothing) {
  for (const auto& p : {path{}, path{"v1"}, path{"v1", "files", ""}, path{"v1", "files", "ID", ""},
                        path{"v1", "files", "", "content"}, path{"v2", "files"},
                        path{"V1", "files"}, path{"v1", "files", "ID", "content", "more"}}) {
    const auto r = find_route(verb::get, p);
    CAF_CHECK(!r.found);
    CAF_CHECK(r.allow.empty());
  }
}
