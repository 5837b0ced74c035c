#include "net/tus/answers.hpp"
#include "net/tus/body.hpp"
#include "net/tus/concatenation.hpp"
#include "net/tus/repetition.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/destination.hpp"
#include "net/uploads/idempotency.hpp"

namespace mediad::net::tus {

namespace {

/// `Upload-Length`, or `Upload-Defer-Length: 1` in its place.
result<std::uint64_t> read_length(const exchange& x) {
  const auto length = x.field("Upload-Length");
  const auto later = x.field("Upload-Defer-Length");
  if (later && (length || *later != "1"))
    return fail(errc::bad_request, "`Upload-Defer-Length` must be 1, without `Upload-Length`.");
  if (later)
    return unknown_length;
  if (!length)
    return fail(errc::bad_request, "`Upload-Length` or `Upload-Defer-Length` is missing.");
  return parse_number("Upload-Length", *length);
}

result<storage::new_upload> read_creation_request(const exchange& x) {
  auto wanted = uploads::begun_by(x, {});
  wanted.resumable = true;
  wanted.terms.metadata = x.field("Upload-Metadata").value_or("");
  wanted.terms.concat = x.field("Upload-Concat").value_or("");
  auto metadata = parse_metadata(wanted.terms.metadata);
  if (!metadata)
    return fail(metadata.error());
  wanted.name = std::move(metadata->name);
  wanted.modified_at = metadata->modified_at;
  if (x.field("Upload-Concat") && x.is_for_another())
    return fail(errc::bad_request, "`Upload-Concat` is not taken for the folder of another user.");
  if (x.field("Upload-Concat") && x.asker().by == known_by::ticket)
    return fail(errc::bad_request, "An upload ticket is for one upload, without `Upload-Concat`.");
  if (x.field("Upload-Concat")) {
    auto concat = parse_concat(wanted.terms.concat, x.options().max_concat_parts);
    if (!concat)
      return fail(concat.error());
    wanted.terms.parts = std::move(concat->parts);
  }
  const bool has_length = x.field("Upload-Length") || x.field("Upload-Defer-Length");
  if (wanted.terms.is_final() && (has_length || x.body().has_body()))
    return fail(errc::bad_request, "A final upload has its parts' length and bytes.");
  if (wanted.terms.is_final())
    return wanted;
  const auto length = read_length(x);
  if (!length)
    return fail(length.error());
  wanted.length = *length;
  return wanted;
}

/// The metadata names the folder, as clients keep it with their uploads; else the query does.
asio::awaitable<std::optional<answer>> choose_folder(exchange& x) {
  auto metadata = parse_metadata(x.field("Upload-Metadata").value_or(""));
  if (!metadata || metadata->folder.empty())
    return uploads::choose_folder(x);
  return uploads::choose_folder(x, std::move(metadata->folder));
}

asio::awaitable<void> create_plain(exchange& x, storage::new_upload wanted) {
  auto how = read_incoming_body(x);
  if (!how)
    co_return co_await x.send(uploads::make_refusal(x, how.error()));
  how->creates = true;
  if (x.body().length > wanted.length)
    co_return co_await x.send_problem(problem_of(errc::too_large));
  auto key = uploads::read_request_key(
    x, {"tus", wanted.terms.metadata, wanted.terms.concat, x.field("Upload-Length").value_or("")});
  if (!key)
    co_return co_await x.send(uploads::make_refusal(x, key.error()));
  wanted.key = *key;
  bool is_repeat = co_await answer_repeat(x, *key);
  if (is_repeat)
    co_return;
  auto length = wanted.length;
  if (length == unknown_length)
    length = x.body().length;
  const auto admitted = co_await uploads::check_admission(x, length, uploads::max_file_bytes(x));
  if (!admitted)
    co_return co_await x.send_problem(admitted.error());
  auto file = co_await uploads::incoming_file::begin(x, std::move(wanted));
  if (!file && file.error().code == errc::conflict) {
    is_repeat = co_await answer_repeat(x, *key);
    if (is_repeat)
      co_return;
  }
  if (!file)
    co_return co_await x.send_problem(file.error());
  co_await take_body(x, std::move(*file), std::move(*how));
}

} // namespace

asio::awaitable<void> create(exchange& x) {
  auto refused = refuse_version(x);
  if (!refused && x.body().has_body())
    refused = refuse_body_type(x);
  if (refused)
    co_return co_await x.send(std::move(*refused));
  auto misplaced = co_await choose_folder(x);
  if (misplaced)
    co_return co_await x.send(std::move(*misplaced));
  auto wanted = read_creation_request(x);
  if (!wanted)
    co_return co_await x.send(uploads::make_refusal(x, wanted.error()));
  if (wanted->terms.is_final())
    co_await create_final(x, std::move(*wanted));
  else
    co_await create_plain(x, std::move(*wanted));
}

} // namespace mediad::net::tus
