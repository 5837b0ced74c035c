#include "net/fields/structured.hpp"
#include "net/ietf/body.hpp"
#include "net/ietf/ietf.hpp"
#include "net/ietf/interim.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/destination.hpp"
#include "net/uploads/idempotency.hpp"
#include "net/uploads/location.hpp"
#include "net/uploads/repetition.hpp"

namespace mediad::net::ietf {

namespace {

/// The header fields of a creation.
struct creation_request {
  storage::new_upload wanted;
  incoming_body how;
};

result<creation_request> read_creation_request(const exchange& x, dialect draft) {
  creation_request out{uploads::begun_by(x, uploads::name_of_body(x)), incoming_body{draft}};
  auto content = uploads::read_digests(x, "Content-Digest");
  if (!content)
    return fail(content.error());
  const auto whole = uploads::read_digests(x, "Repr-Digest");
  if (!whole)
    return fail(whole.error());
  const auto date = uploads::date_of_body(x);
  if (!date)
    return fail(date.error());
  out.wanted.modified_at = *date;
  out.how.completes = draft.completes(x).value_or(false);
  out.how.content = std::move(*content);
  out.how.by_length = draft.completes_by_length();
  out.how.creates = true;
  const auto named = fields::parse_count(x.field("Upload-Length"));
  const auto length = named || !out.how.completes ? named : uploads::declared_length(x);
  out.wanted.resumable = true;
  out.wanted.length = length.value_or(unknown_length);
  out.wanted.terms.wanted_sha256 = whole->sha256;
  auto key = uploads::read_request_key(x, {"ietf", out.wanted.name, uploads::length_text(length),
                                           whole->sha256, out.how.content.sha256});
  if (!key)
    return fail(key.error());
  out.wanted.key = std::move(*key);
  return out;
}

/// The answer to a repeated creation whose upload still goes on.
answer make_unfinished(const exchange& x, const creation_request& c, const problem& refused,
                       const upload_state& state) {
  auto a = x.make_problem(refused);
  // A client that brings no bytes can go on; the bytes of any other would be lost.
  if (!x.body().has_body() && !c.how.completes)
    a = x.make(http::status::created);
  uploads::set_location(x, a, state.id);
  a.set("Upload-Limit", limits(x, state.expires_at));
  c.how.draft.set_state(a.base(), state.offset, false);
  return a;
}

/// The answer to a repeated creation whose upload has become a file.
asio::awaitable<answer> make_finished(exchange& x, const creation_request& c,
                                      const file_record& record) {
  const auto& announced = c.how.content.sha256;
  const bool is_announced = !announced.empty() || !c.wanted.terms.wanted_sha256.empty();
  const bool brings_bytes = x.body().has_body() || c.how.completes;
  if (brings_bytes && !is_announced) {
    auto stored = x.storage().open_original(record);
    if (!stored)
      co_return x.make_problem(stored.error());
    uploads::earlier_bytes first{std::move(*stored)};
    first.how_far = c.how.completes ? uploads::reach::to_the_end : uploads::reach::within;
    auto other = x.make_problem(uploads::problem_of_reuse(x));
    auto refused = co_await uploads::refuse_other_bytes(x, std::move(first), std::move(other));
    if (refused)
      co_return std::move(*refused);
  }
  co_return make_final(x, c.how.draft, record);
}

/// @returns true if the request repeats an earlier one, and has been answered: with the file if
///          there is one, else with where its upload goes on.
asio::awaitable<bool> answer_repeat(exchange& x, const creation_request& c) {
  const auto earlier = uploads::find_earlier(x, c.wanted.key);
  if (earlier && !*earlier)
    co_return false;
  if (!earlier) {
    co_await x.send_problem(earlier.error());
    co_return true;
  }
  const auto refused = (*earlier)->refusal(x);
  if (refused && !(*earlier)->same) {
    co_await x.send_problem(*refused);
    co_return true;
  }
  const auto& record = (*earlier)->files.front();
  const auto state = x.storage().find_upload(record.id);
  answer a;
  if (refused && state)
    a = make_unfinished(x, c, *refused, *state);
  else if (refused)
    a = x.make_problem(*refused);
  else
    a = co_await make_finished(x, c, record);
  co_await x.send(std::move(a));
  co_return true;
}

asio::awaitable<void> begin(exchange& x, creation_request c) {
  const auto limit = uploads::max_file_bytes(x);
  const auto length = c.wanted.length == unknown_length ? x.body().length : c.wanted.length;
  const auto admitted = co_await uploads::check_admission(x, length, limit);
  if (!admitted && admitted.error().code == errc::too_large)
    co_return co_await x.send(make_too_large(x));
  if (!admitted)
    co_return co_await x.send_problem(admitted.error());
  auto file = co_await uploads::incoming_file::begin(x, c.wanted);
  if (!file && file.error().code == errc::conflict) {
    const bool is_repeat = co_await answer_repeat(x, c);
    if (is_repeat)
      co_return;
  }
  if (!file)
    co_return co_await x.send_problem(file.error());
  const bool refused = co_await refuse_length(x, *file, c.how);
  if (refused)
    co_return file->remove();
  c.how.can_be_resumed = co_await send_interim_location(x, c.how.draft, *file);
  co_await take_bytes(x, std::move(*file), std::move(c.how));
}

} // namespace

asio::awaitable<void> create(exchange& x) {
  const auto draft = dialect::of(x);
  if (!draft)
    co_return co_await x.send(unknown_version(x));
  if (media_type(x).starts_with("multipart/"))
    co_return co_await x.send_problem(problem_of(errc::unsupported_media),
                                      "A form cannot be sent in several requests.");
  auto misplaced = co_await uploads::choose_folder(x);
  if (misplaced)
    co_return co_await x.send(std::move(*misplaced));
  auto c = read_creation_request(x, *draft);
  if (!c)
    co_return co_await x.send(uploads::make_refusal(x, c.error()));
  const bool is_repeat = co_await answer_repeat(x, *c);
  if (!is_repeat)
    co_await begin(x, std::move(*c));
}

} // namespace mediad::net::ietf
