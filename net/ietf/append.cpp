#include "net/uploads/append.hpp"

#include "net/fields/structured.hpp"
#include "net/http/asked.hpp"
#include "net/ietf/body.hpp"
#include "net/ietf/ietf.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/repetition.hpp"

namespace mediad::net::ietf {

namespace {

/// An append to what is complete: a client that missed the answer may repeat the one that completed
/// it, with the same bytes. Nothing else may be sent any more.
asio::awaitable<void> answer_completed(exchange& x, dialect draft, upload_state state) {
  const auto offset = fields::parse_count(x.field("Upload-Offset"));
  const auto record = x.storage().find(state.id);
  const bool may_be_same = draft.completes(x).value_or(draft.may_omit_complete()) && offset;
  if (!may_be_same || !record || record->state == status::receiving)
    co_return co_await x.send(completed_upload(x));
  auto stored = x.storage().open_original(*record);
  if (!stored)
    co_return co_await x.send_problem(stored.error());
  uploads::earlier_bytes first{std::move(*stored), *offset};
  auto other = completed_upload(x);
  auto refused = co_await uploads::refuse_other_bytes(x, std::move(first), std::move(other));
  if (!refused)
    refused = make_final(x, draft, *record);
  co_await x.send(std::move(*refused));
}

/// The header fields of an append.
struct append_request {
  std::uint64_t offset = 0;
  incoming_body how;
  std::string sha256; ///< Announced for the whole file; may be empty.
};

error missing_or_malformed(const exchange& x, const std::string& name, const std::string& rule) {
  const auto what = x.field(name) ? "must be " + rule : std::string{"is missing"};
  return fail(errc::bad_request, "`" + name + "` " + what + ".");
}

result<append_request> read_append_request(const exchange& x, dialect draft) {
  const auto offset = fields::parse_count(x.field("Upload-Offset"));
  if (!offset)
    return fail(missing_or_malformed(x, "Upload-Offset", "a whole number"));
  const auto completes = draft.completes(x);
  if (!completes && !draft.may_omit_complete())
    return fail(missing_or_malformed(x, draft.complete_field(), "?0 or ?1"));
  auto content = uploads::read_digests(x, "Content-Digest");
  if (!content)
    return fail(content.error());
  auto whole = uploads::read_digests(x, "Repr-Digest");
  if (!whole)
    return fail(whole.error());
  append_request out{*offset, incoming_body{draft}, std::move(whole->sha256)};
  out.how.completes = completes.value_or(false);
  out.how.by_length = !completes || draft.completes_by_length();
  out.how.content = std::move(*content);
  return out;
}

asio::awaitable<void> refuse_type(exchange& x) {
  auto a = x.make_problem(problem_of(errc::unsupported_media),
                          "Bytes are appended as application/partial-upload.");
  a.set("Accept-Patch", beast::string_view{partial_upload.data(), partial_upload.size()});
  co_await x.send(std::move(a));
}

asio::awaitable<void> append_to(exchange& x, append_request request) {
  auto file = co_await uploads::incoming_file::resume(x, x.arguments.at(0));
  if (!file)
    co_return co_await x.send(uploads::make_turn_refusal(x, file.error()));
  const auto& state = file->state();
  if (state.complete)
    co_return co_await answer_completed(x, request.how.draft, state);
  if (request.offset != state.offset) {
    auto a = mismatching_offset(x, state.offset, request.offset);
    request.how.draft.set_state(a.base(), state.offset, false);
    co_return co_await x.send(std::move(a));
  }
  const bool refused = co_await refuse_length(x, *file, request.how);
  if (refused)
    co_return;
  if (!request.sha256.empty())
    file->expect(std::move(request.sha256));
  co_await take_bytes(x, std::move(*file), std::move(request.how));
}

} // namespace

asio::awaitable<void> append(exchange& x) {
  const auto draft = dialect::of(x);
  if (!draft)
    co_return co_await x.send(unknown_version(x));
  const auto state = find_asked_upload(x);
  if (!state)
    co_return co_await x.send_problem(state.error());
  if (state->is_partial() || state->is_final())
    co_return co_await x.send_problem(forbidden, "It is part of a concatenation by tus.");
  if (state->complete)
    co_return co_await answer_completed(x, *draft, *state);
  if (draft->wants_partial_upload_type() && media_type(x) != partial_upload)
    co_return co_await refuse_type(x);
  auto request = read_append_request(x, *draft);
  if (!request)
    co_return co_await x.send(uploads::make_refusal(x, request.error()));
  co_await append_to(x, std::move(*request));
}

} // namespace mediad::net::ietf
