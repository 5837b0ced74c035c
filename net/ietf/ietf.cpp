#include "net/ietf/ietf.hpp"

#include "base/record_json.hpp"
#include "net/backend/services.hpp"
#include "net/fields/field_value.hpp"
#include "net/fields/multipart.hpp"
#include "net/fields/structured.hpp"
#include "net/files/records.hpp"
#include "net/http/asked.hpp"
#include "net/ietf/body.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/append.hpp"
#include "net/uploads/idempotency.hpp"
#include "net/uploads/location.hpp"

#include <nlohmann/json.hpp>

namespace mediad::net::ietf {

namespace {

constexpr std::string_view partial_upload = "application/partial-upload";

std::string media_type(const exchange& x) {
  const auto parsed = fields::parse_field_value(x.field("Content-Type").value_or(""));
  return parsed ? parsed->value : std::string{};
}

asio::awaitable<void> refuse(exchange& x, std::string why) {
  co_await x.send_problem(problem_of(errc::bad_request), std::move(why));
}

asio::awaitable<void> refuse_version(exchange& x) {
  co_await refuse(x, "`Upload-Draft-Interop-Version` must be 3 to 10, or absent.");
}

/// Sends 104, unless a proxy could take it for the answer. The drafts forbid it if the request
/// names no version.
/// @returns true if the client has been told.
asio::awaitable<bool> send_interim_location(exchange& x, const dialect& draft,
                                            const uploads::incoming_file& file) {
  const bool welcome = x.options().interim_104 == interim_answers::on && draft.version() != 0
                       && x.request().version() >= 11 && !is_proxied(x);
  if (!welcome)
    co_return false;
  const auto text =
    "HTTP/1.1 104 Upload Resumption Supported\r\nLocation: " + uploads::location_of(file.id())
    + "\r\nUpload-Limit: " + limits(x.options(), file.state().expires_at)
    + "\r\nUpload-Draft-Interop-Version: " + std::to_string(draft.version()) + "\r\n\r\n";
  co_await x.write(text);
  co_return true;
}

/// The header fields of a creation.
struct creation_request {
  storage::new_upload wanted;
  incoming_body how;
};

result<creation_request> read_creation_request(const exchange& x, dialect draft) {
  creation_request out{storage::new_upload{x.asker().user, uploads::name_of_body(x)},
                       incoming_body{draft}};
  auto content = fields::parse_digests(x.field("Content-Digest"));
  if (!content)
    return fail(content.error());
  const auto whole = fields::parse_digests(x.field("Repr-Digest"));
  if (!whole)
    return fail(whole.error());
  const auto date = uploads::date_of_body(x);
  if (!date)
    return fail(date.error());
  out.wanted.modified_at = *date;
  out.how.completes = draft.completes(x).value_or(false);
  out.how.content = std::move(*content);
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
  const auto refused = (*earlier)->refusal();
  const auto& record = (*earlier)->files.front();
  const auto state = x.storage().find_upload(record.id);
  auto a = refused ? x.make_problem(*refused) : make_final(x, c.how.draft, record);
  if ((*earlier)->same && refused && state) {
    // A client that brings no bytes can go on; the bytes of any other would be lost.
    if (!x.body().has_body() && !c.how.completes)
      a = x.make(http::status::created);
    uploads::set_location(x, a, record.id);
    a.set("Upload-Limit", limits(x.options(), state->expires_at));
    c.how.draft.set_state(a.base(), state->offset, false);
  }
  co_await x.send(std::move(a));
  co_return true;
}

asio::awaitable<void> begin(exchange& x, creation_request c) {
  const auto limit = x.options().max_file_bytes;
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

/// An append to what is complete: the one that completed it may be repeated, by a client that
/// missed the answer. Its bytes are here already.
asio::awaitable<void> answer_completed(exchange& x, const dialect& draft,
                                       const upload_state& state) {
  const auto offset = fields::parse_count(x.field("Upload-Offset"));
  const auto more = uploads::declared_length(x);
  const bool same = draft.completes(x).value_or(draft.may_omit_complete()) && offset
                    && (more ? *offset + *more == state.offset : *offset <= state.offset);
  const auto record = x.storage().find(state.id);
  if (!same || !record || record->state == status::receiving)
    co_return co_await x.send(completed_upload(x));
  co_await x.send(make_final(x, draft, *record));
}

/// The header fields of an append.
struct append_request {
  std::uint64_t offset = 0;
  incoming_body how;
  std::string sha256; ///< Announced for the whole file; may be empty.
};

result<append_request> read_append_request(const exchange& x, dialect draft) {
  const auto offset = fields::parse_count(x.field("Upload-Offset"));
  if (!offset)
    return fail(errc::bad_request, "`Upload-Offset` is missing.");
  const auto completes = draft.completes(x);
  if (!completes && !draft.may_omit_complete())
    return fail(errc::bad_request, "`Upload-Complete` is missing.");
  auto content = fields::parse_digests(x.field("Content-Digest"));
  auto whole = fields::parse_digests(x.field("Repr-Digest"));
  if (!content || !whole)
    return fail(errc::bad_request, "A digest field is malformed.");
  append_request out{*offset, incoming_body{draft}, std::move(whole->sha256)};
  out.how.completes = completes.value_or(false);
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

bool creates_upload(const exchange& x) {
  if (x.field("Upload-Draft-Interop-Version") && !dialect::of(x))
    return true; // to be refused
  const auto completes = dialect::of(x)->completes(x);
  const auto boundary = fields::multipart_boundary(x.field("Content-Type").value_or(""));
  const bool is_form = !boundary || boundary->has_value();
  return completes && !(is_form && *completes);
}

bool is_spoken(const exchange& x) {
  return x.field("Upload-Draft-Interop-Version") || x.field("Upload-Complete")
         || x.field("Upload-Offset") || media_type(x) == partial_upload;
}

asio::awaitable<void> create(exchange& x) {
  const auto draft = dialect::of(x);
  if (!draft)
    co_return co_await refuse_version(x);
  if (media_type(x).starts_with("multipart/"))
    co_return co_await x.send_problem(problem_of(errc::unsupported_media),
                                      "A form cannot be sent in several requests.");
  auto c = read_creation_request(x, *draft);
  if (!c)
    co_return co_await x.send_problem(c.error());
  const bool is_repeat = co_await answer_repeat(x, *c);
  if (!is_repeat)
    co_await begin(x, std::move(*c));
}

asio::awaitable<void> append(exchange& x) {
  const auto draft = dialect::of(x);
  if (!draft)
    co_return co_await refuse_version(x);
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
    co_return co_await refuse(x, request.error().detail);
  co_await append_to(x, std::move(*request));
}

asio::awaitable<void> send_offset(exchange& x) {
  const auto draft = dialect::of(x);
  if (!draft)
    co_return co_await refuse_version(x);
  auto state = find_asked_upload(x);
  if (state && !state->complete && !state->is_final()) {
    // A request that still writes saves its bytes and lets go, so that the client can go on from
    // the offset it gets here.
    const auto turn = co_await x.shared().turns.take(state->id, x.options().take_over_patience);
    if (!turn)
      co_return co_await x.send(uploads::make_turn_refusal(x, turn.error()));
    state = find_asked_upload(x);
  }
  if (!state && state.error().code == errc::not_found && draft->version() == 0)
    co_return co_await send_record(x); // a file that came through another door, or none
  if (!state)
    co_return co_await x.send_problem(state.error());
  const auto record = x.storage().find(state->id);
  const bool is_file = record && record->state != status::receiving;
  auto a = x.make(http::status::no_content);
  if (is_file && draft->version() == 0) {
    a = x.make(http::status::ok);
    a.set(http::field::content_type, "application/json");
    a.body() = public_json(*record).dump();
  }
  a.set(http::field::cache_control, "no-store");
  a.set("Upload-Limit", limits(x.options(), state->expires_at));
  if (state->has_length())
    a.set("Upload-Length", std::to_string(state->length));
  if (is_file) {
    uploads::set_described_by(a, state->id);
    a.set("Repr-Digest", fields::repr_digest(record->sha256));
  }
  draft->set_state(a.base(), state->offset, state->complete);
  co_await x.send(std::move(a));
}

void describe(const exchange& x, answer& a) {
  a.set("Accept-Patch", beast::string_view{partial_upload.data(), partial_upload.size()});
  a.set("Upload-Limit", limits(x.options(), 0));
}

} // namespace mediad::net::ietf
