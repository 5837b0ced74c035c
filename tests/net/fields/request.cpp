#define CAF_SUITE net_fields_request

#include "net/fields/request.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using net::fields::check_framing;
using net::fields::parse_target;

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

net::http::request_header<> head_of(const fields& all, unsigned version = 11) {
  net::http::request_header<> head;
  head.version(version);
  for (const auto& [name, value] : all)
    head.insert(name, value);
  return head;
}

bool is_refused(const fields& all, unsigned version = 11) {
  const auto framing = check_framing(head_of(all, version));
  return !framing && framing.error().code == errc::bad_request;
}

} // namespace

CAF_TEST(a length alone and chunked alone are bodies) {
  const auto plain = check_framing(head_of({{"Host", "a"}, {"Content-Length", "12"}}));
  const auto chunked = check_framing(head_of({{"Host", "a"}, {"Transfer-Encoding", "Chunked"}}));
  const auto none = check_framing(head_of({{"Host", "[::1]:80"}}));
  CAF_REQUIRE(plain && chunked && none);
  CAF_CHECK_EQUAL(plain->length, 12u);
  CAF_CHECK(chunked->chunked);
  CAF_CHECK(!none->has_body());
}

CAF_TEST(whatever two parsers could read differently is refused) {
  const std::pair<std::string, std::string> host{"Host", "a"};
  const std::pair<std::string, std::string> chunked{"Transfer-Encoding", "chunked"};
  CAF_CHECK(is_refused({host, chunked, {"Content-Length", "3"}}));
  CAF_CHECK(is_refused({host, chunked, chunked}));
  CAF_CHECK(is_refused({host, {"Transfer-Encoding", "gzip, chunked"}}));
  CAF_CHECK(is_refused({host, {"Transfer-Encoding", "chunked, identity"}}));
  CAF_CHECK(is_refused({host, {"Transfer-Encoding", "xchunked"}}));
  CAF_CHECK(is_refused({host, {"Transfer-Encoding", ""}}));
  CAF_CHECK(is_refused({host, chunked}, 10));
  CAF_CHECK(is_refused({host, {"Content-Length", "3"}, {"Content-Length", "3"}}));
  CAF_CHECK(is_refused({host, {"Content-Length", "3, 3"}}));
  CAF_CHECK(is_refused({host, {"Content-Length", "+3"}}));
  CAF_CHECK(is_refused({host, {"Content-Length", "0x3"}}));
  CAF_CHECK(is_refused({host, {"Content-Length", ""}}));
  CAF_CHECK(is_refused({host, {"Content-Length", "18446744073709551616"}}));
}

CAF_TEST(a later version is lowered in a whole request line and nowhere else) {
  const auto lowered = [](std::string head) {
    net::fields::lower_version(head);
    return head;
  };
  CAF_CHECK_EQUAL(lowered("GET / HTTP/1.2\r\nHost: a"), "GET / HTTP/1.1\r\nHost: a");
  CAF_CHECK_EQUAL(lowered("GET / HTTP/1.9\r"), "GET / HTTP/1.1\r");
  for (const std::string same :
       {"", "\r", "GET / HTTP/1.2", "GET / HTTP/1.0\r\n", "GET / HTTP/2.2\r\n", "GET /HTTP/1.2\r\n",
        "GET / HTTP/1.12\r\n", "GET / HTTP/1.\r\n", "HTTP/1.2\r\n",
        "GET / HTTP/1.1\r\nA: x HTTP/1.2\r\n"})
    CAF_CHECK_EQUAL(lowered(same), same);
}

CAF_TEST(there is exactly one valid Host) {
  CAF_CHECK(is_refused({}));
  CAF_CHECK(is_refused({{"Host", "a"}, {"Host", "a"}}));
  CAF_CHECK(is_refused({{"Host", ""}}));
  CAF_CHECK(is_refused({{"Host", "a b"}}));
  CAF_CHECK(is_refused({{"Host", "a/b"}}));
  CAF_CHECK(is_refused({{"Host", "user@a"}}));
  CAF_CHECK(is_refused({{"Host", "a:port"}}));
  CAF_CHECK(is_refused({{"Host", "a"}, {"Host", "b"}}, 10));
  CAF_CHECK(!is_refused({}, 10));
}

CAF_TEST(a target is taken apart and decoded) {
  const auto to = parse_target("/v1/files/a%2Fb%20c?name=x%26y+z&flag&name=second");
  CAF_REQUIRE(to);
  const std::vector<std::string> segments{"v1", "files", "a/b c"};
  CAF_CHECK_EQUAL(to->segments, segments);
  CAF_CHECK_EQUAL(to->path, "/v1/files/a%2Fb%20c");
  const std::string name{to->parameter("name").value()};
  CAF_CHECK_EQUAL(name, "x&y z");
  CAF_CHECK(to->parameter("flag") == "");
  CAF_CHECK(!to->parameter("other"));
}

CAF_TEST(the root and absolute targets are targets and nonsense is not ) {
  const auto root = parse_target("/");
  CAF_REQUIRE(root);
  CAF_CHECK(root->segments.empty());
  const auto absolute = parse_target("http://host:1/livez?x=1");
  CAF_REQUIRE(absolute);
  CAF_CHECK_EQUAL(absolute->path, "/livez");
  for (const auto* text : {"", "livez", "/a b", "/%zz", "/%", "/a%00b", "/\x01", "host:80"}) {
    const auto to = parse_target(text);
    CAF_CHECK(!to);
  }
}

CAF_TEST(several lines of one field are one list) {
  const auto head = head_of({{"Accept", "a"}, {"X", "1"}, {"accept", "b"}});
  CAF_CHECK(net::fields::joined_field(head, "Accept") == "a, b");
  CAF_CHECK(!net::fields::joined_field(head, "Missing"));
}

CAF_TEST(a base path is taken away where a request has it) {
  const auto left = [](std::string_view text, std::string_view base_path) {
    auto to = parse_target(text).value();
    net::fields::leave_base_path(to, base_path);
    return to;
  };
  const auto below = left("/a/media/v1/files/x%2Fy?limit=1", "/a/media");
  CAF_CHECK_EQUAL(below.path, "/v1/files/x%2Fy");
  CAF_CHECK_EQUAL(below.segments, (std::vector<std::string>{"v1", "files", "x/y"}));
  CAF_CHECK_EQUAL(below.query.size(), 1u);
  CAF_CHECK(!below.lacks_slash);
  const auto root = left("/media/", "/media");
  CAF_CHECK_EQUAL(root.path, "/");
  CAF_CHECK(!root.lacks_slash);
  const auto bare = left("/media", "/media");
  CAF_CHECK(bare.lacks_slash);
  for (const auto* other : {"/v1/files", "/mediad/v1", "/x/media/v1"}) {
    const auto same = left(other, "/media");
    CAF_CHECK_EQUAL(same.path, other);
    CAF_CHECK(!same.lacks_slash);
  }
}
