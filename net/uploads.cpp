#include "net/uploads.hpp"

#include "base/record_json.hpp"
#include "net/backend.hpp"
#include "net/body_reader.hpp"
#include "net/field_value.hpp"
#include "net/handover.hpp"
#include "net/incoming_file.hpp"
#include "net/multipart.hpp"

#include <nlohmann/json.hpp>

namespace mediad::net {

namespace {

/// What a multipart body may hold beside one file of the largest size.
constexpr std::uint64_t multipart_slack_bytes = std::uint64_t{1} << 20U;

struct taken_files {
  std::vector<incoming_file> files;
  std::vector<received_body> bodies; ///< In the same order.
};

/// Everything that can refuse an upload before a byte of it is read.
asio::awaitable<result<>> check_admission(exchange& x, std::uint64_t limit) {
  const auto length = x.body().length;
  if (length > limit)
    co_return fail(errc::too_large, "declared length over the limit");
  if (const auto admitted = co_await admit(x.shared()); !admitted)
    co_return fail(admitted.error());
  const auto free = x.files().free_bytes();
  if (!free)
    co_return fail(free.error());
  const auto reserve = x.options().min_free_bytes;
  if (*free < reserve || *free - reserve < length)
    co_return fail(errc::storage_full, "too little would be left on the disk");
  co_return result<>{};
}

std::string raw_name(const exchange& x) {
  if (const auto disposition = x.field("Content-Disposition"))
    if (const auto parsed = parse_field_value(*disposition))
      if (auto name = file_name(*parsed))
        return *name;
  return std::string{x.query("name").value_or("")};
}

asio::awaitable<result<>> take_raw(exchange& x, body_reader& reader, taken_files& out) {
  const auto& framing = x.body();
  const auto length = framing.chunked ? std::nullopt : std::optional{framing.length};
  storage::new_upload wanted{x.user(), raw_name(x)};
  wanted.length = length.value_or(unknown_length);
  auto begun = co_await incoming_file::begin(x, std::move(wanted));
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
  part_taker(exchange& x, taken_files& out) : x_{x}, out_{out} {}

  asio::awaitable<result<>> begin(const part_head& head) {
    // A form's file field with nothing chosen sends an empty name.
    open_ = head.file_name && !head.file_name->empty();
    if (!open_)
      co_return result<>{};
    storage::new_upload wanted{x_.user(), *head.file_name};
    auto begun = co_await incoming_file::begin(x_, std::move(wanted));
    if (!begun)
      co_return fail(begun.error());
    out_.files.push_back(std::move(*begun));
    co_return result<>{};
  }

  asio::awaitable<result<>> bytes(std::string_view bytes) {
    if (!open_)
      co_return result<>{};
    co_return co_await out_.files.back().append(bytes);
  }

  asio::awaitable<result<>> end() {
    if (!open_)
      co_return result<>{};
    auto body = co_await out_.files.back().finish();
    if (!body)
      co_return fail(body.error());
    out_.bodies.push_back(std::move(*body));
    co_return result<>{};
  }

private:
  exchange& x_;
  taken_files& out_;
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
                                    taken_files& out) {
  using token = multipart_parser::token;
  multipart_parser parser{boundary, x.options().max_parts};
  part_taker taker{x, out};
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

asio::awaitable<void> send_created(exchange& x, const std::vector<file_record>& records) {
  auto a = x.make(http::status::created);
  a.set(http::field::content_type, "application/json");
  a.set(http::field::cache_control, "no-store");
  nlohmann::ordered_json body;
  if (records.size() == 1) {
    const auto& id = records.front().id;
    a.set(http::field::location, "/v1/files/" + id);
    a.set("Mediad-Progress-Id", id);
    body = public_json(records.front());
  } else {
    body["files"] = nlohmann::ordered_json::array();
    for (const auto& record : records)
      body["files"].push_back(public_json(record));
  }
  a.body() = body.dump();
  co_await x.send(std::move(a));
}

/// Reads the body, which is of either kind.
asio::awaitable<result<std::vector<file_record>>> take_body(exchange& x, body_reader& reader,
                                                            std::optional<std::string> boundary) {
  taken_files taken;
  result<> done;
  if (boundary)
    done = co_await take_form(x, reader, std::move(*boundary), taken);
  else
    done = co_await take_raw(x, reader, taken);
  if (!done)
    co_return fail(done.error());
  co_return co_await hand_over(x, taken.files, std::move(taken.bodies));
}

} // namespace

asio::awaitable<void> take_upload(exchange& x) {
  auto boundary = multipart_boundary(x.field("Content-Type").value_or(""));
  if (!boundary)
    co_return co_await x.send_problem(boundary.error());
  const auto limit = x.options().max_file_bytes + (*boundary ? multipart_slack_bytes : 0);
  const auto admitted = co_await check_admission(x, limit);
  if (!admitted)
    co_return co_await x.send_problem(admitted.error());
  body_reader reader{x, limit};
  auto records = co_await take_body(x, reader, std::move(*boundary));
  if (!records && reader.timed_out())
    co_return co_await x.send_problem(request_timeout);
  if (!records)
    co_return co_await x.send_problem(records.error());
  co_await send_created(x, *records);
}

} // namespace mediad::net
