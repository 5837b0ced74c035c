#include "net/uploads/append.hpp"

#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/tus/answers.hpp"
#include "net/tus/body.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/location.hpp"

namespace mediad::net {

namespace {

/// What an append says of itself.
struct appendage {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length; ///< Of the whole, where it was deferred.
  tus_bytes bytes;
};

result<appendage> read_appendage(const exchange& x) {
  appendage out;
  const auto offset = parse_tus_number("Upload-Offset", x.field("Upload-Offset").value_or(""));
  if (!offset)
    return fail(offset.error());
  out.offset = *offset;
  if (const auto text = x.field("Upload-Length")) {
    const auto length = parse_tus_number("Upload-Length", *text);
    if (!length)
      return fail(length.error());
    out.length = *length;
  }
  auto bytes = read_tus_bytes(x);
  if (!bytes)
    return fail(bytes.error());
  out.bytes = std::move(*bytes);
  return out;
}

/// What there is to say before anyone is disturbed.
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
  set_tus_progress(a, s);
  return a;
}

/// Why these bytes cannot follow what is there.
std::optional<answer> refuse_bytes(const exchange& x, const upload_state& s,
                                   const appendage& asked) {
  if (asked.offset != s.offset)
    return make_conflict(x, s, "The upload is at another offset.");
  if (asked.length && s.has_length() && *asked.length != s.length)
    return make_conflict(x, s, "The upload has another length.");
  const auto length = s.has_length() ? s.length : asked.length.value_or(s.length);
  if (length < s.offset)
    return make_conflict(x, s, "More bytes have come than that.");
  if (x.body().length > length - s.offset || (asked.length && length > x.options().max_file_bytes))
    return x.make_problem(problem_of(errc::too_large));
  if (const auto room = check_disk(x, x.body().length); !room)
    return x.make_problem(room.error());
  return std::nullopt;
}

/// An append to a whole upload: its client missed the answer.
asio::awaitable<void> repeat_last_answer(exchange& x, const upload_state& s,
                                         const appendage& asked) {
  auto a = x.make(http::status::no_content);
  if (asked.offset != s.offset)
    a = make_conflict(x, s, "The upload is whole.");
  else if (x.body().has_body())
    a = x.make_problem(problem_of(errc::too_large));
  else
    set_tus_progress(a, s);
  if (a.result() == http::status::no_content && !s.is_partial())
    set_described_by(a, s.id);
  co_await x.send(std::move(a));
}

/// The turn of an upload that may still be written to; null for one that cannot.
asio::awaitable<result<upload_turns::turn>> end_append(exchange& x, const upload_state& s) {
  if (s.complete)
    co_return upload_turns::turn{};
  co_return co_await x.shared().turns.take(s.id, x.options().take_over_patience);
}

} // namespace

asio::awaitable<void> append_tus(exchange& x) {
  auto refused = wrong_tus_version(x);
  if (!refused)
    refused = wrong_tus_body(x);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  auto asked = read_appendage(x);
  if (!asked)
    co_return co_await x.send(make_tus_refusal(x, asked.error()));
  const auto known = find_tus_upload(x);
  refused = refuse_early(x, known);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  if (known->complete)
    co_return co_await repeat_last_answer(x, *known, *asked);
  auto file = co_await incoming_file::resume(x, known->id);
  if (!file)
    co_return co_await x.send(make_turn_refusal(x, file.error()));
  if (file->state().complete)
    co_return co_await repeat_last_answer(x, file->state(), *asked);
  refused = refuse_bytes(x, file->state(), *asked);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  if (asked->length)
    if (const auto set = file->set_length(*asked->length); !set)
      co_return co_await x.send_problem(set.error());
  co_await take_tus_bytes(x, std::move(*file), std::move(asked->bytes));
}

asio::awaitable<void> tell_tus_offset(exchange& x) {
  auto refused = wrong_tus_version(x);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  auto known = find_tus_upload(x);
  if (!known)
    co_return co_await x.send_problem(known.error());
  if (is_expired(*known))
    co_return co_await x.send_problem(upload_expired);
  const bool is_joining = known->is_final() && !known->complete;
  if (!known->complete && !is_joining) {
    const auto turn = co_await end_append(x, *known);
    if (!turn)
      co_return co_await x.send(make_turn_refusal(x, turn.error()));
    known = find_tus_upload(x);
    if (!known)
      co_return co_await x.send_problem(known.error());
  }
  auto a = x.make(http::status::ok);
  a.set(http::field::cache_control, "no-store");
  set_tus_progress(a, *known);
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
    set_described_by(a, known->id);
  co_await x.send(std::move(a));
}

asio::awaitable<void> terminate_tus(exchange& x) {
  auto refused = wrong_tus_version(x);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  const auto known = find_tus_upload(x);
  if (!known)
    co_return co_await x.send_problem(known.error());
  const auto turn = co_await end_append(x, *known);
  if (!turn)
    co_return co_await x.send(make_turn_refusal(x, turn.error()));
  const auto removed = co_await remove_file(x.shared(), known->id);
  if (!removed)
    co_return co_await x.send_problem(removed.error());
  co_await x.send_empty(http::status::no_content);
}

} // namespace mediad::net
