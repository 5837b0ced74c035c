#define CAF_SUITE net_fields_multipart

#include "net/fields/multipart.hpp"

#include <cstring>
#include <random>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using net::fields::multipart_boundary;
using net::fields::multipart_parser;

namespace {

struct part {
  std::string name;
  std::optional<std::string> file_name;
  std::string bytes;
  bool ended = false;

  friend bool operator==(const part&, const part&) = default;
};

using parts = std::vector<part>;

/// What the parser makes of a body that comes in pieces of the given sizes, the last of which is
/// repeated.
result<parts> read(const std::string& body, std::vector<std::size_t> sizes,
                   const std::string& boundary = "XX", std::size_t max_parts = 100) {
  using token = multipart_parser::token;
  multipart_parser parser{boundary, max_parts};
  std::size_t at = 0;
  std::size_t piece = 0;
  parts all;
  for (;;) {
    const auto next = parser.next();
    if (!next)
      return fail(next.error());
    switch (*next) {
    case token::need_more: {
      const auto room = parser.room();
      const auto n = std::min({room.size(), body.size() - at, sizes[piece]});
      piece = std::min(piece + 1, sizes.size() - 1);
      std::memcpy(room.data(), body.data() + at, n);
      at += n;
      parser.commit(n);
      if (n == 0)
        parser.end();
      break;
    }
    case token::part:
      all.push_back({parser.head().name, parser.head().file_name, "", false});
      break;
    case token::bytes: all.back().bytes += parser.bytes(); break;
    case token::part_end: all.back().ended = true; break;
    case token::done: return all;
    }
  }
}

const std::string form = "preamble\r\n--X\r\n--XX  \t\r\n"
                         "Content-Disposition: form-data; name=\"a\"; filename=\"one.txt\"\r\n"
                         "Content-Type: text/plain\r\n\r\n"
                         "line\r\n--X\r\n-\r\r\n--Xylophone\r\n\r\n--XX\r\n"
                         "content-disposition:form-data;name=empty;filename=\"%22q%22\"\r\n\r\n"
                         "\r\n--XX\r\n"
                         "Content-Disposition: form-data; name=\"field\"\r\n\r\n"
                         "value\r\n--XX--\r\nepilogue\r\n--XX\r\n";

const parts form_parts{{"a", "one.txt", "line\r\n--X\r\n-\r\r\n--Xylophone\r\n", true},
                       {"empty", "\"q\"", "", true},
                       {"field", std::nullopt, "value", true}};

bool is_malformed(const std::string& body, std::size_t piece = 1'000) {
  const auto got = read(body, {piece});
  return !got && got.error().code == errc::bad_request;
}

const std::string head = "Content-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\n";

} // namespace

CAF_TEST(a form is read the same wherever it is cut in two) {
  for (std::size_t cut = 1; cut < form.size(); ++cut) {
    const auto got = read(form, {cut, form.size()});
    CAF_REQUIRE(got);
    CAF_REQUIRE(*got == form_parts);
  }
}

CAF_TEST(a form is read the same in pieces of every size) {
  for (std::size_t size = 1; size < 200; ++size) {
    const auto got = read(form, {size});
    CAF_REQUIRE(got);
    CAF_REQUIRE(*got == form_parts);
  }
}

CAF_TEST(a form that ends anywhere before its closing boundary is malformed) {
  const auto end = form.find("--XX--") + 6;
  for (std::size_t size = 0; size < end; ++size)
    CAF_REQUIRE(is_malformed(form.substr(0, size)));
  CAF_CHECK(!is_malformed(form.substr(0, end)));
}

CAF_TEST(a file larger than the buffer comes out whole) {
  std::string bytes(multipart_parser::buffer_bytes * 3 + 17, '\0');
  std::mt19937 random{1};
  for (auto& c : bytes)
    c = "\r\n-X"[random() % 4];
  // As it must be with a real boundary: the bytes do not hold it.
  for (auto at = bytes.find("--XX"); at != std::string::npos; at = bytes.find("--XX"))
    bytes[at + 3] = 'Y';
  const auto body = "--XX\r\n" + head + bytes + "\r\n--XX--";
  for (const std::size_t size : {7U, 1'000U, 65'536U, 1'000'000U}) {
    const auto got = read(body, {size});
    CAF_REQUIRE(got);
    const bool same = got->at(0).bytes == bytes;
    CAF_CHECK(same);
  }
}

CAF_TEST(a part without bytes may share its empty line with the boundary) {
  for (const std::size_t size : {1U, 1'000U}) {
    const auto got = read("--XX\r\n" + head + "--XX--", {size});
    CAF_REQUIRE(got);
    const parts expected{{"a", "f", "", true}};
    CAF_CHECK(*got == expected);
  }
}

CAF_TEST(malformed forms are refused) {
  CAF_CHECK(is_malformed(""));
  CAF_CHECK(is_malformed("no boundary at all"));
  CAF_CHECK(is_malformed("--XXnothing\r\n" + head + "\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX\n" + head + "\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX\r\n\r\nbytes without a head\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX\r\nno colon\r\n" + head + "x\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX\r\nContent-Disposition: attachment; filename=f\r\n\r\n\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX\r\nContent-Disposition: form-data; filename=\"f\r\n\r\n\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX\r\nA: b\r\n folded\r\n" + head + "\r\n--XX--"));
  CAF_CHECK(is_malformed("--XX-\r\n" + head + "\r\n--XX--"));
}

CAF_TEST(what a client can make long without end has a limit) {
  CAF_CHECK(is_malformed("--XX" + std::string(2'000, ' ')));
  CAF_CHECK(is_malformed("--XX\r\nX: " + std::string(multipart_parser::max_head_bytes, 'x')));
  std::string many;
  for (int i = 0; i < 4; ++i)
    many += "--XX\r\n" + head + "\r\n";
  const auto got = read(many + "--XX--", {1'000}, "XX", 3);
  CAF_REQUIRE(!got);
  CAF_CHECK(got.error().code == errc::too_large);
}

CAF_TEST(no damage makes the parser run wild) {
  std::mt19937 random{2};
  for (int round = 0; round < 20'000; ++round) {
    auto body = form;
    for (auto n = random() % 4; n > 0; --n) {
      const auto at = random() % body.size();
      switch (random() % 3) {
      case 0: body[at] = static_cast<char>(random()); break;
      case 1: body.erase(at, random() % 20); break;
      default: body.insert(at, body.substr(random() % body.size(), random() % 20)); break;
      }
      if (body.empty())
        break;
    }
    const auto got = read(body, {1 + random() % 64});
    std::size_t bytes = 0;
    for (const auto& p : got ? *got : parts{})
      bytes += p.bytes.size();
    CAF_REQUIRE(bytes <= body.size());
  }
}

CAF_TEST(the boundary comes from the content type) {
  const auto quoted = multipart_boundary("Multipart/Form-Data; charset=x; boundary=\"a b:c\"");
  CAF_REQUIRE(quoted && *quoted);
  CAF_CHECK_EQUAL(**quoted, "a b:c");
  for (const auto* other :
       {"", "text/plain", "multipart/mixed; boundary=x", "multipart/form-dat"}) {
    const auto none = multipart_boundary(other);
    CAF_REQUIRE(none);
    CAF_CHECK(!*none);
  }
}

CAF_TEST(a form without a usable boundary is malformed) {
  const auto longest = std::string(70, 'x');
  CAF_CHECK(multipart_boundary("multipart/form-data; boundary=" + longest).has_value());
  for (const auto& text :
       {std::string{"multipart/form-data"}, std::string{"multipart/form-data; boundary="},
        "multipart/form-data; boundary=x" + longest,
        std::string{"multipart/form-data; boundary=\"a \""},
        std::string{"multipart/form-data; boundary=a\r\nb"},
        std::string{"multipart/form-data; x"}}) {
    const auto refused = multipart_boundary(text);
    CAF_CHECK(!refused);
  }
}
