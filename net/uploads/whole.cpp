#include "net/uploads/whole.hpp"

#include "base/record_json.hpp"
#include "net/fields/digests.hpp"
#include "net/fields/multipart.hpp"
#include "net/http/body_reader.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/handover.hpp"
#include "net/uploads/idempotency.hpp"
#include "net/uploads/incoming_file.hpp"
#include "net/uploads/location.hpp"
#include "net/uploads/small_file.hpp"

#include <nlohmann/json.hpp>

namespace mediad::net {

namespace {

/// What a multipart body may hold beside one file of the largest size.
constexpr std::uint64_t multipart_slack_bytes = std::uint64_t{1} << 20U;

struct taken_files {
  std::vector<incoming_file> files;
  std::vector<received_body> bodies; ///< In the same order.
};

/// What a request says of itself before its body.
struct promises {
  storage::request_key key;
  announced_digests content;
  std::string sha256; ///< Of the file, if the body is one.
};

result<promises> read_promises(const exchange& x, bool is_form) {
  promises out;
  auto content = parse_digests(x.field("Content-Digest"));
  if (!content)
    return fail(content.error());
  const auto file = parse_digests(x.field("Repr-Digest"));
  if (!file)
    return fail(file.error());
  out.content = std::move(*content);
  const auto length = length_text(declared_length(x));
  result<storage::request_key> key;
  // A form's bytes change with its boundary, which is another one each time.
  if (is_form)
    key = read_request_key(x, {"form", length});
  else
    key = read_request_key(x, {"raw", name_of_body(x), length, file->sha256, out.content.sha256});
  if (!key)
    return fail(key.error());
  out.key = std::move(*key);
  // Of a form it would be the form's own, which nobody keeps.
  if (!is_form)
    out.sha256 = file->sha256;
  return out;
}

storage::new_upload terms_of_raw(const exchange& x, const promises& said) {
  storage::new_upload wanted{x.user(), name_of_body(x)};
  wanted.length = declared_length(x).value_or(unknown_length);
  wanted.key = said.key;
  wanted.terms.wanted_sha256 = said.sha256;
  return wanted;
}

asio::awaitable<result<>> take_raw(exchange& x, body_reader& reader, const promises& said,
                                   taken_files& out) {
  auto begun = co_await incoming_file::begin(x, terms_of_raw(x, said));
  if (!begun)
    co_return fail(begun.error());
  auto& file = out.files.emplace_back(std::move(*begun));
  const std::function<void()> rest = [&file] {
    file.rest();
  };
  for (;;) {
    if (const auto there = co_await reader.ready(rest); !there)
      co_return fail(there.error());
    const auto room = co_await file.room();
    if (!room)
      co_return fail(room.error());
    const auto got = co_await reader.read(*room);
    if (!got)
      co_return fail(got.error());
    if (*got == 0)
      break;
    if (auto taken = file.filled(*got); !taken)
      co_return taken;
  }
  auto body = co_await file.finish();
  if (!body)
    co_return fail(body.error());
  out.bodies.push_back(std::move(*body));
  co_return result<>{};
}

asio::awaitable<result<>> feed(body_reader& reader, multipart_parser& parser) {
  const auto got = co_await reader.read(parser.room());
  if (!got)
    co_return fail(got.error());
  if (*got == 0)
    parser.end();
  parser.commit(*got);
  co_return result<>{};
}

/// A part of a form: a file is taken, anything else is passed over.
class part_taker {
public:
  part_taker(exchange& x, const promises& said, taken_files& out) : x_{x}, said_{said}, out_{out} {}

  asio::awaitable<result<>> begin(const part_head& head) {
    // A form's file field with nothing chosen sends an empty name.
    open_ = head.file_name && !head.file_name->empty();
    if (!open_)
      co_return result<>{};
    // Of one part both are of the same bytes.
    checks_.clear();
    for (const auto* field : {&head.content_digest, &head.repr_digest}) {
      auto digests = parse_digests(*field);
      if (!digests)
        co_return fail(digests.error());
      checks_.emplace_back(std::move(*digests));
    }
    storage::new_upload wanted{x_.user(), *head.file_name};
    wanted.key = said_.key;
    auto begun = co_await incoming_file::begin(x_, std::move(wanted));
    if (!begun)
      co_return fail(begun.error());
    out_.files.push_back(std::move(*begun));
    co_return result<>{};
  }

  asio::awaitable<result<>> bytes(std::string_view bytes) {
    if (!open_)
      co_return result<>{};
    for (auto& check : checks_)
      if (check.is_needed())
        check.update(bytes);
    co_return co_await out_.files.back().append(bytes);
  }

  asio::awaitable<result<>> end() {
    if (!open_)
      co_return result<>{};
    for (auto& check : checks_)
      if (const auto same = check.finish(); !same)
        co_return fail(same.error());
    auto body = co_await out_.files.back().finish();
    if (!body)
      co_return fail(body.error());
    out_.bodies.push_back(std::move(*body));
    co_return result<>{};
  }

private:
  exchange& x_;
  const promises& said_;
  taken_files& out_;
  std::vector<content_check> checks_; ///< Of the part.
  bool open_ = false;
};

/// Reads what may follow the closing boundary, so that another request can follow.
asio::awaitable<result<>> read_out(body_reader& reader, multipart_parser& parser) {
  for (;;) {
    const auto got = co_await reader.read(parser.room());
    if (!got)
      co_return fail(got.error());
    if (*got == 0)
      co_return result<>{};
  }
}

asio::awaitable<result<>> take_form(exchange& x, body_reader& reader, std::string boundary,
                                    const promises& said, taken_files& out) {
  using token = multipart_parser::token;
  multipart_parser parser{boundary, x.options().max_parts};
  part_taker taker{x, said, out};
  for (;;) {
    const auto next = parser.next();
    if (!next)
      co_return fail(next.error());
    result<> step;
    switch (*next) {
    case token::need_more: step = co_await feed(reader, parser); break;
    case token::part: step = co_await taker.begin(parser.head()); break;
    case token::bytes: step = co_await taker.bytes(parser.bytes()); break;
    case token::part_end: step = co_await taker.end(); break;
    case token::done:
      if (out.files.empty())
        co_return fail(errc::bad_request, "a form without a file");
      co_return co_await read_out(reader, parser);
    }
    if (!step)
      co_return step;
  }
}

asio::awaitable<result<std::vector<file_record>>> take_small(exchange& x, body_reader& reader,
                                                             small_file file, const promises& said,
                                                             content_check& check) {
  auto body = co_await file.take(reader, terms_of_raw(x, said));
  if (!body)
    co_return fail(body.error());
  if (const auto same = check.finish(); !same)
    co_return fail(same.error());
  co_return co_await hand_over(x, std::move(file), std::move(*body));
}

/// Reads the body, which is of either kind.
asio::awaitable<result<std::vector<file_record>>> take_body(exchange& x, body_reader& reader,
                                                            std::optional<std::string> boundary,
                                                            const promises& said) {
  taken_files taken;
  content_check check{said.content};
  if (check.is_needed())
    reader.shown_to([&check](std::string_view bytes) { check.update(bytes); });
  // A key is taken by the record, which must be there before the body then.
  if (!boundary && said.key.key.empty())
    if (auto small = small_file::begin(x))
      co_return co_await take_small(x, reader, std::move(*small), said, check);
  result<> done;
  if (boundary)
    done = co_await take_form(x, reader, std::move(*boundary), said, taken);
  else
    done = co_await take_raw(x, reader, said, taken);
  if (done)
    done = check.finish();
  if (!done)
    co_return fail(done.error());
  co_return co_await hand_over(x, taken.files, std::move(taken.bodies));
}

/// @returns true if the request repeats an earlier one, and has been answered.
asio::awaitable<bool> answer_repeat(exchange& x, const storage::request_key& key) {
  const auto earlier = find_earlier(x, key);
  if (earlier && !*earlier)
    co_return false;
  if (!earlier)
    co_await x.send_problem(earlier.error());
  else if (const auto refused = (*earlier)->refusal())
    co_await x.send_problem(*refused);
  else
    co_await x.send(make_created(x, (*earlier)->files));
  co_return true;
}

asio::awaitable<void> take_whole(exchange& x, std::optional<std::string> boundary, promises said) {
  const auto limit = x.options().max_file_bytes + (boundary ? multipart_slack_bytes : 0);
  const auto admitted = co_await check_admission(x, x.body().length, limit);
  if (!admitted)
    co_return co_await x.send_problem(admitted.error());
  body_reader reader{x, limit};
  auto records = co_await take_body(x, reader, std::move(boundary), said);
  if (records)
    co_return co_await x.send(make_created(x, *records));
  if (reader.timed_out())
    co_return co_await x.send_problem(request_timeout);
  // Its key was free a moment ago: another request with it was quicker.
  if (records.error().code == errc::conflict) {
    const bool is_repeat = co_await answer_repeat(x, said.key);
    if (is_repeat)
      co_return;
  }
  co_await x.send_problem(records.error());
}

} // namespace

answer make_created(const exchange& x, const std::vector<file_record>& records) {
  auto a = x.make(http::status::created);
  a.set(http::field::content_type, "application/json");
  a.set(http::field::cache_control, "no-store");
  nlohmann::ordered_json body;
  if (records.size() == 1) {
    const auto& file = records.front();
    set_place(x, a, file.id);
    set_described_by(a, file.id);
    if (const auto digest = repr_digest(file.sha256); !digest.empty())
      a.set("Repr-Digest", digest);
    body = public_json(file);
  } else {
    body["files"] = nlohmann::ordered_json::array();
    for (const auto& record : records)
      body["files"].push_back(public_json(record));
  }
  a.body() = body.dump();
  return a;
}

asio::awaitable<void> take_upload(exchange& x) {
  auto boundary = multipart_boundary(x.field("Content-Type").value_or(""));
  if (!boundary)
    co_return co_await x.send_problem(boundary.error());
  auto said = read_promises(x, boundary->has_value());
  if (!said)
    co_return co_await x.send_problem(said.error());
  const bool is_repeat = co_await answer_repeat(x, said->key);
  if (!is_repeat)
    co_await take_whole(x, std::move(*boundary), std::move(*said));
}

} // namespace mediad::net
