#include "net/uploads/append.hpp"

#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/http/asked.hpp"
#include "net/tus/answers.hpp"
#include "net/tus/body.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/location.hpp"

namespace mediad::net::tus {

namespace {

/// The header fields of an append.
struct append_request {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length; ///< Length of the whole upload, if it was deferred.
  incoming_body bytes;
};

result<append_request> read_append_request(const exchange& x) {
  append_request out;
  const auto offset = parse_number("Upload-Offset", x.field("Upload-Offset").value_or(""));
  if (!offset)
    return fail(offset.error());
  out.offset = *offset;
  if (const auto text = x.field("Upload-Length")) {
    const auto length = parse_number("Upload-Length", *text);
    if (!length)
      return fail(length.error());
    out.length = *length;
  }
  auto bytes = read_incoming_body(x);
  if (!bytes)
    return fail(bytes.error());
  out.bytes = std::move(*bytes);
  return out;
}

/// What can be refused before a running append is interrupted.
std::optional<answer> refuse_early(const exchange& x, const result<upload_state>& known) {
  if (!known)
    return x.make_problem(known.error());
  if (is_expired(*known))
    return x.make_problem(upload_expired);
  if (known->is_final())
    return x.make_problem(forbidden, "A final upload takes no bytes of its own.");
  return std::nullopt;
}

answer make_conflict(const exchange& x, const upload_state& s, std::string_view detail) {
  auto a = x.make_problem(problem_of(errc::conflict), detail);
  set_progress(a, s);
  return a;
}

/// Why these bytes cannot follow what is there.
std::optional<answer> refuse_bytes(const exchange& x, const upload_state& s,
                                   const append_request& request) {
  if (request.offset != s.offset)
    return make_conflict(x, s, "The upload is at another offset.");
  if (request.length && s.has_length() && *request.length != s.length)
    return make_conflict(x, s, "The upload has another length.");
  const auto length = s.has_length() ? s.length : request.length.value_or(s.length);
  if (length < s.offset)
    return make_conflict(x, s, "More bytes have come than that.");
  if (x.body().length > length - s.offset
      || (request.length && length > uploads::max_file_bytes(x)))
    return x.make_problem(problem_of(errc::too_large));
  if (const auto room = uploads::check_disk(x, x.body().length); !room)
    return x.make_problem(room.error());
  return std::nullopt;
}

/// Answers an append to a complete upload: the client missed the first answer.
asio::awaitable<void> repeat_last_answer(exchange& x, const upload_state& s,
                                         const append_request& request) {
  auto a = x.make(http::status::no_content);
  if (request.offset != s.offset)
    a = make_conflict(x, s, "The upload is whole.");
  else if (x.body().has_body())
    a = x.make_problem(problem_of(errc::too_large));
  else
    set_progress(a, s);
  if (a.result() == http::status::no_content && !s.is_partial())
    uploads::set_described_by(x, a, s.id);
  co_await x.send(std::move(a));
}

/// Takes the turn of an upload that may still be written to; null if it is complete.
asio::awaitable<result<upload_turns::turn>> end_append(exchange& x, const upload_state& s) {
  if (s.complete)
    co_return upload_turns::turn{};
  co_return co_await x.shared().turns.take(s.id, x.options().take_over_patience);
}

} // namespace

asio::awaitable<void> append(exchange& x) {
  auto refused = refuse_version(x);
  if (!refused)
    refused = refuse_body_type(x);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  auto request = read_append_request(x);
  if (!request)
    co_return co_await x.send(uploads::make_refusal(x, request.error()));
  const auto known = find_asked_upload(x);
  refused = refuse_early(x, known);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  if (known->complete)
    co_return co_await repeat_last_answer(x, *known, *request);
  auto file = co_await uploads::incoming_file::resume(x, known->id);
  if (!file)
    co_return co_await x.send(uploads::make_turn_refusal(x, file.error()));
  if (file->state().complete)
    co_return co_await repeat_last_answer(x, file->state(), *request);
  refused = refuse_bytes(x, file->state(), *request);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  if (request->length)
    if (const auto set = file->set_length(*request->length); !set)
      co_return co_await x.send_problem(set.error());
  co_await take_body(x, std::move(*file), std::move(request->bytes));
}

asio::awaitable<void> send_offset(exchange& x) {
  auto refused = refuse_version(x);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  auto known = find_asked_upload(x);
  if (!known)
    co_return co_await x.send_problem(known.error());
  if (is_expired(*known))
    co_return co_await x.send_problem(upload_expired);
  const bool is_joining = known->is_final() && !known->complete;
  if (!known->complete && !is_joining) {
    const auto turn = co_await end_append(x, *known);
    if (!turn)
      co_return co_await x.send(uploads::make_turn_refusal(x, turn.error()));
    known = find_asked_upload(x);
    if (!known)
      co_return co_await x.send_problem(known.error());
  }
  auto a = x.make(http::status::ok);
  a.set(http::field::cache_control, "no-store");
  set_progress(a, *known);
  if (is_joining)
    a.erase("Upload-Offset");
  if (known->has_length())
    a.set("Upload-Length", std::to_string(known->length));
  else
    a.set("Upload-Defer-Length", "1");
  if (!known->metadata.empty())
    a.set("Upload-Metadata", known->metadata);
  if (!known->concat.empty())
    a.set("Upload-Concat", known->concat);
  if (known->complete && !known->is_partial())
    uploads::set_described_by(x, a, known->id);
  co_await x.send(std::move(a));
}

asio::awaitable<void> terminate(exchange& x) {
  auto refused = refuse_version(x);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  const auto known = find_asked_upload(x);
  if (!known)
    co_return co_await x.send_problem(known.error());
  const auto turn = co_await end_append(x, *known);
  if (!turn)
    co_return co_await x.send(uploads::make_turn_refusal(x, turn.error()));
  const auto removed = co_await remove_file(x.shared(), known->id);
  if (!removed)
    co_return co_await x.send_problem(removed.error());
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net::tus
