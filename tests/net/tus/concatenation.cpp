#define CAF_SUITE net_tus_concatenation

#include "net/uploads/joined_file.hpp"
#include "tests/net/tus/client.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <set>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::tests;
using namespace std::chrono_literals;

namespace {

struct fixture : tus_fixture {
  /// A whole partial upload of these bytes.
  std::string part(const std::string& bytes) {
    const auto a = create(
      "Upload-Concat: partial\r\nUpload-Length: " + std::to_string(bytes.size()) + "\r\n", bytes);
    if (a.status != 201)
      throw std::runtime_error{"part: " + std::to_string(a.status) + ' ' + a.body};
    return a.field("location");
  }
  http_answer join(const std::string& places, const std::string& fields = "") {
    return create("Upload-Concat: final;" + places + "\r\n" + fields);
  }
};

std::string noise(std::size_t size, char seed) {
  std::string out(size, seed);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<char>(out[i] + static_cast<char>(i * i / 7));
  return out;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tus_concat_tests, fixture)

CAF_TEST(parts become one file and go) {
  start();
  const auto a = noise(100'003, 'a');
  const auto b = noise(70'001, 'b');
  const auto first = part(a);
  const auto second = part(b);
  CAF_CHECK_EQUAL(head(first).field("upload-offset"), "100003");
  const auto concat = first + " http://mediad.test" + second;
  const auto made = join(concat, "Upload-Metadata: filename YmVhY2guanBn\r\n");
  CAF_REQUIRE_EQUAL(made.status, 201);
  const auto place = made.field("location");
  CAF_CHECK_EQUAL(made.field("link"), "<" + place + ">; rel=\"describedby\"");
  CAF_CHECK_EQUAL(bytes_at(place), a + b);
  const auto known = head(place);
  CAF_CHECK_EQUAL(known.field("upload-concat"), "final;" + concat);
  CAF_CHECK_EQUAL(known.field("upload-length"), "170004");
  CAF_CHECK_EQUAL(known.field("upload-offset"), "170004");
  sha256 hash;
  hash.update(a + b);
  const auto record = nlohmann::json::parse(ask("GET", place).body);
  CAF_CHECK_EQUAL(record["sha256"], std::move(hash).hex());
  CAF_CHECK_EQUAL(record["name"], "beach.jpg");
  CAF_CHECK_EQUAL(staged(), 0U);
  CAF_CHECK_EQUAL(head(first).status, 404);
}

CAF_TEST(one part and empty parts can be joined too) {
  start();
  const auto alone = join(part("hello"));
  CAF_CHECK_EQUAL(bytes_at(alone.field("location")), "hello");
  const auto empty = part("");
  const auto made = join(empty + " " + part("world"));
  CAF_REQUIRE_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(bytes_at(made.field("location")), "world");
}

CAF_TEST(a part that is named several times comes as often) {
  start();
  const auto a = noise(70'001, 'a');
  const auto first = part(a);
  const auto second = part("-");
  const auto made = join(first + " " + second + " " + first);
  CAF_REQUIRE_EQUAL(made.status, 201);
  CAF_CHECK_EQUAL(bytes_at(made.field("location")), a + "-" + a);
  CAF_CHECK_EQUAL(staged(), 0U);
  const auto kept = reader().find_usage(user).value();
  CAF_CHECK_EQUAL(kept.bytes, 140'003U);
  CAF_CHECK_EQUAL(kept.open_bytes, 0U);
}

CAF_TEST(a final upload that is asked for again is answered again) {
  start();
  for (const auto& key : {std::string{}, std::string{"Idempotency-Key: k\r\n"}}) {
    const auto places = part("hello ") + " " + part("world");
    const auto first = join(places, key);
    CAF_REQUIRE_EQUAL(first.status, 201);
    for (int i = 0; i < 2; ++i) {
      const auto again = join(places, key);
      CAF_CHECK_EQUAL(again.status, 201);
      CAF_CHECK_EQUAL(again.field("location"), first.field("location"));
      CAF_CHECK_EQUAL(again.field("link"), first.field("link"));
    }
    stop();
    start();
    CAF_CHECK_EQUAL(join(places, key).field("location"), first.field("location"));
  }
  CAF_CHECK_EQUAL(listed(), 2U);
}

CAF_TEST(another final upload is no repetition) {
  start();
  const auto a = part("hello ");
  const auto b = part("world");
  const std::string key = "Idempotency-Key: k\r\n";
  CAF_CHECK_EQUAL(join(a + " " + b, key).status, 201);
  CAF_CHECK_EQUAL(join(b + " " + a, key).status, 422);
  CAF_CHECK_EQUAL(join(a + " " + b, key + "Upload-Metadata: filename YQ==\r\n").status, 422);
  CAF_CHECK_EQUAL(join(a + " " + b).status, 404); // its parts are gone
  CAF_CHECK_EQUAL(join(a + " " + b, "Idempotency-Key: \r\n").status, 400);
}

CAF_TEST(a final upload whose file was removed is not answered again) {
  start();
  const auto places = part("hello");
  const auto place = join(places).field("location");
  CAF_CHECK_EQUAL(ask("DELETE", place).status, 204);
  CAF_CHECK_EQUAL(join(places).status, 404);
}

CAF_TEST(of several requests at once for one final upload each finds the same file) {
  options.threads = 2;
  start();
  const auto places = part("hello ") + " " + part("world");
  std::vector<std::future<http_answer>> asked;
  for (int i = 0; i < 6; ++i)
    asked.push_back(std::async(std::launch::async, [&] { return join(places); }));
  std::set<std::string> found;
  for (auto& one : asked) {
    const auto a = one.get();
    CAF_CHECK_EQUAL(a.status, 201);
    found.insert(a.field("location"));
  }
  CAF_CHECK_EQUAL(found.size(), 1U);
}

CAF_TEST(a part is in no list) {
  start();
  part("hello");
  CAF_CHECK_EQUAL(listed(), 0U);
}

CAF_TEST(what cannot be joined is refused and its parts stay) {
  options.max_concat_parts = 2;
  options.max_file_bytes = 10;
  start();
  const auto hello = part("hello");
  const auto world = part("world!");
  const auto open = created(5, "Upload-Concat: partial\r\n");
  const auto plain = create("Upload-Length: 5\r\n", "hello").field("location");
  CAF_CHECK_EQUAL(join(hello + " " + open).status, 409);
  CAF_CHECK_EQUAL(join(hello + " " + plain).status, 400);
  CAF_CHECK_EQUAL(join(hello + " /v1/files/01JD0000000000000000000001").status, 404);
  CAF_CHECK_EQUAL(join(hello + " " + world).status, 413);
  CAF_CHECK_EQUAL(join(hello + " " + plain + " " + open).status, 400);
  CAF_CHECK_EQUAL(join(hello, "Upload-Length: 5\r\n").status, 400);
  CAF_CHECK_EQUAL(head(hello).status, 200);
}

CAF_TEST(a final upload takes no bytes) {
  start();
  const auto place = join(part("hello")).field("location");
  CAF_CHECK_EQUAL(append(place, 5, "x").status, 403);
}

CAF_TEST(a join that a restart interrupted is taken up again) {
  start();
  const auto a = noise(50'000, 'a');
  const auto first = part(a);
  const auto second = part(a);
  stop();
  // What a server leaves that ends in the middle of a join.
  storage::new_upload wanted{user, "joined.bin"};
  wanted.resumable = true;
  wanted.length = 100'000;
  wanted.terms.concat = "final;" + first + " " + second;
  wanted.terms.parts = {id_of(first), id_of(second)};
  wanted.terms.expires_at = now_ms() + 3'600'000;
  const auto record = apply(wanted).value().record;
  std::ofstream{reader().staging_path(record.id)} << "half of it";
  start();
  const auto told = nlohmann::json::parse(ask("GET", "/v1/files/" + record.id + "?wait=10").body);
  CAF_CHECK_EQUAL(told["status"], "registered");
  CAF_CHECK_EQUAL(stored_bytes(record.id), a + a);
}

CAF_TEST(a final upload that is not joined yet has no offset) {
  start();
  const auto first = part("hello");
  storage::new_upload wanted{user, "joined.bin"};
  wanted.resumable = true;
  wanted.length = 5;
  wanted.terms.concat = "final;" + first;
  wanted.terms.parts = {id_of(first)};
  wanted.terms.expires_at = now_ms() + 3'600'000;
  const auto place = "/v1/files/" + apply(wanted).value().record.id;
  const auto a = head(place);
  CAF_CHECK_EQUAL(a.status, 200);
  CAF_CHECK_EQUAL(a.fields.count("upload-offset"), 0U);
  CAF_CHECK_EQUAL(a.field("upload-length"), "5");
  CAF_CHECK_EQUAL(ask("DELETE", place, "", tus).status, 204);
}

CAF_TEST(a file is joined over many slices and across odd ends) {
  using net::uploads::joined_file;
  const auto dir = root() / "system" / "staging";
  const auto write = [&](const std::string& name, const std::string& bytes) {
    std::ofstream{dir / name, std::ios::binary} << bytes;
    sha256 hash;
    hash.update(bytes);
    return joined_file::part{dir / name, bytes.size(), hash.save()};
  };
  const auto a = noise((std::size_t{17} << 20U) + 3, 'a');
  const auto b = noise((std::size_t{9} << 20U) + 1, 'b');
  std::vector<joined_file::part> parts{write("a", a), write("b", b)};
  write("joined", "old");
  auto file = joined_file::open(dir / "joined", parts).value();
  while (!file.is_done())
    CAF_REQUIRE(file.copy_some());
  const auto sum = file.finish().value();
  sha256 hash;
  hash.update(a);
  hash.update(b);
  CAF_CHECK_EQUAL(sum, std::move(hash).hex());
  CAF_CHECK_EQUAL(sum, sha256_of_file(dir / "joined").value());
}

CAF_TEST(a part with fewer bytes than recorded fails the join) {
  using net::uploads::joined_file;
  const auto dir = root() / "system" / "staging";
  std::ofstream{dir / "short"} << "abc";
  std::ofstream{dir / "joined"} << "";
  joined_file::part p;
  p.file = dir / "short";
  p.bytes = 4;
  std::vector<joined_file::part> parts{p};
  auto file = joined_file::open(dir / "joined", parts).value();
  CAF_CHECK(file.copy_some());
  const auto end = file.copy_some();
  CAF_REQUIRE(!end);
  CAF_CHECK(end.error().code == errc::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
