#include "net/uploads/whole.hpp"

#include "base/record_json.hpp"
#include "net/fields/digests.hpp"
#include "net/fields/multipart.hpp"
#include "net/http/body_reader.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/append.hpp"
#include "net/uploads/destination.hpp"
#include "net/uploads/form.hpp"
#include "net/uploads/handover.hpp"
#include "net/uploads/idempotency.hpp"
#include "net/uploads/location.hpp"
#include "net/uploads/repetition.hpp"
#include "net/uploads/small_file.hpp"

#include <nlohmann/json.hpp>

namespace mediad::net::uploads {

namespace {

constexpr problem nothing_sent{
  400, "bad_request",
  "There is nothing to keep: the request has neither a body nor a name (`?name=`, or a filename in "
  "Content-Disposition)."};
constexpr problem no_file_sent{
  400, "bad_request", "The form has no file: a part with a filename that is not empty is missing."};

const problem& what_is_missing(const std::optional<std::string>& boundary) {
  return boundary ? no_file_sent : nothing_sent;
}

/// The header fields of a request that creates files.
struct request_fields {
  storage::request_key key;
  fields::announced_digests content;
  std::string sha256;      ///< Announced SHA-256 of the file; empty for forms.
  unix_ms modified_at = 0; ///< Date of the file; 0 for forms, whose parts have their own.
};

result<request_fields> read_request_fields(const exchange& x, bool is_form) {
  request_fields out;
  auto content = read_digests(x, "Content-Digest");
  if (!content)
    return fail(content.error());
  const auto file = read_digests(x, "Repr-Digest");
  if (!file)
    return fail(file.error());
  out.content = std::move(*content);
  const auto length = length_text(declared_length(x));
  result<storage::request_key> key;
  // Clients make a new boundary for each request, so a repeated form has other bytes.
  if (is_form)
    key = read_request_key(x, {"form", length});
  else
    key = read_request_key(x, {"raw", name_of_body(x), length, file->sha256, out.content.sha256});
  if (!key)
    return fail(key.error());
  out.key = std::move(*key);
  if (is_form)
    return out;
  // For a form, Repr-Digest would cover the form body, which is not stored.
  out.sha256 = file->sha256;
  const auto date = date_of_body(x);
  if (!date)
    return fail(date.error());
  out.modified_at = *date;
  return out;
}

storage::new_upload terms_of_raw(const exchange& x, const request_fields& request) {
  auto wanted = begun_by(x, name_of_body(x));
  wanted.length = declared_length(x).value_or(unknown_length);
  wanted.modified_at = request.modified_at;
  wanted.key = request.key;
  wanted.terms.wanted_sha256 = request.sha256;
  return wanted;
}

asio::awaitable<result<>> take_raw(exchange& x, body_reader& reader, const request_fields& request,
                                   taken_files& out) {
  auto begun = co_await incoming_file::begin(x, terms_of_raw(x, request));
  if (!begun)
    co_return fail(begun.error());
  auto& file = out.files.emplace_back(std::move(*begun));
  // It cannot be resumed, so nothing but the body ends it: a stopping server waits for it.
  const auto undisturbed = body_end::whole;
  const auto end = co_await read_body(reader, file, undisturbed);
  if (end.how != body_end::whole)
    co_return fail(end.why);
  if (file.bytes() == 0 && name_of_body(x).empty()) {
    out.files.clear(); // a chunked body may turn out to be none
    co_return result<>{};
  }
  auto body = co_await file.finish();
  if (!body)
    co_return fail(body.error());
  out.bodies.push_back(std::move(*body));
  co_return result<>{};
}

asio::awaitable<result<std::vector<file_record>>> take_small(exchange& x, body_reader& reader,
                                                             small_file file,
                                                             const request_fields& request,
                                                             fields::content_check& check) {
  auto body = co_await file.take(reader, terms_of_raw(x, request));
  if (!body)
    co_return fail(body.error());
  if (const auto same = check.finish(); !same)
    co_return fail(same.error());
  co_return co_await hand_over(x, std::move(file), std::move(*body));
}

/// Reads the body, which is of either kind.
/// @param misplaced  the answer to send if a form names a folder that is none.
/// @returns no record if the request brings nothing to keep.
asio::awaitable<result<std::vector<file_record>>> take_body(exchange& x, body_reader& reader,
                                                            std::optional<std::string> boundary,
                                                            const request_fields& request,
                                                            std::optional<answer>& misplaced) {
  taken_files taken;
  fields::content_check check{request.content};
  if (check.is_needed())
    reader.on_bytes([&check](std::string_view bytes) { check.update(bytes); });
  // An idempotency key is reserved by the record, so with a key the record must exist before the
  // body is read: no small-file path.
  if (!boundary && request.key.key.empty())
    if (auto small = small_file::begin(x))
      co_return co_await take_small(x, reader, std::move(*small), request, check);
  result<> done;
  if (boundary)
    done = co_await take_form(x, reader, std::move(*boundary), request.key, taken);
  else
    done = co_await take_raw(x, reader, request, taken);
  if (done)
    done = check.finish();
  misplaced = std::move(taken.misplaced);
  if (!done)
    co_return fail(done.error());
  if (taken.files.empty())
    co_return std::vector<file_record>{};
  co_return co_await hand_over(x, taken.files, std::move(taken.bodies));
}

/// @param earlier  what came of the first request with the same key.
/// @returns the answer to send if the body brings other bytes; nothing if it is the same.
asio::awaitable<std::optional<answer>> refuse_other_body(exchange& x,
                                                         std::optional<std::string> boundary,
                                                         const request_fields& request,
                                                         const std::vector<file_record>& earlier) {
  auto other = x.make_problem(problem_of_reuse(x));
  if (boundary)
    co_return co_await refuse_other_form(x, std::move(*boundary), earlier, std::move(other));
  // Both requests announced the same digest: the bytes need not be sent again.
  if (!request.sha256.empty() || !request.content.sha256.empty())
    co_return std::nullopt;
  auto stored = x.storage().open_original(earlier.front());
  if (!stored)
    co_return x.make_problem(stored.error());
  earlier_bytes first{std::move(*stored)};
  co_return co_await refuse_other_bytes(x, std::move(first), std::move(other));
}

/// @returns true if the request repeats an earlier one, and has been answered.
asio::awaitable<bool> answer_repeat(exchange& x, std::optional<std::string> boundary,
                                    const request_fields& request) {
  const auto earlier = find_earlier(x, request.key);
  if (earlier && !*earlier)
    co_return false;
  if (!earlier) {
    co_await x.send_problem(earlier.error());
    co_return true;
  }
  if (const auto why = (*earlier)->refusal(x)) {
    co_await x.send_problem(*why);
    co_return true;
  }
  auto a = co_await refuse_other_body(x, std::move(boundary), request, (*earlier)->files);
  if (!a)
    a = make_created(x, (*earlier)->files);
  co_await x.send(std::move(*a));
  co_return true;
}

asio::awaitable<void> take_whole(exchange& x, std::optional<std::string> boundary,
                                 request_fields request) {
  const auto limit = boundary ? max_form_bytes(x) : max_file_bytes(x);
  const auto& missing = what_is_missing(boundary);
  const auto admitted = co_await check_admission(x, x.body().length, limit);
  if (!admitted)
    co_return co_await x.send_problem(admitted.error());
  body_reader reader{x, limit};
  std::optional<answer> misplaced;
  auto records = co_await take_body(x, reader, std::move(boundary), request, misplaced);
  if (misplaced)
    co_return co_await x.send(std::move(*misplaced));
  if (records && records->empty())
    co_return co_await x.send_problem(missing);
  if (records)
    co_return co_await x.send(make_created(x, *records));
  if (reader.timed_out())
    co_return co_await x.send_problem(request_timeout);
  // Another request with the same key was quicker. What this one brings was read in part: its
  // client asks again, and gets the answer of a repetition.
  if (records.error().code == errc::conflict && !request.key.key.empty())
    co_return co_await x.send_problem(idempotency_key_in_use);
  co_await x.send_problem(records.error());
}

/// Who sent a file hears of it what the rights allow: a guest not even what became of it.
nlohmann::ordered_json told_of(const exchange& x, const file_record& r) {
  if (x.asker().by != known_by::share)
    return public_json(r, x.options().base_path);
  return {{"id", r.id}, {"name", r.name}, {"bytes", r.bytes}};
}

} // namespace

answer make_created(const exchange& x, const std::vector<file_record>& records) {
  auto a = x.make(http::status::created);
  a.set(http::field::content_type, "application/json");
  a.set(http::field::cache_control, "no-store");
  nlohmann::ordered_json body;
  if (records.size() == 1) {
    const auto& file = records.front();
    set_location(x, a, file.id);
    set_described_by(x, a, file.id);
    if (const auto digest = fields::repr_digest(file.sha256); !digest.empty())
      a.set("Repr-Digest", digest);
    body = told_of(x, file);
  } else {
    body["files"] = nlohmann::ordered_json::array();
    for (const auto& record : records)
      body["files"].push_back(told_of(x, record));
  }
  a.body() = body.dump();
  return a;
}

asio::awaitable<void> create_whole(exchange& x) {
  const bool is_named = !x.goes_to().name.empty();
  if (!is_named) {
    auto misplaced = co_await choose_folder(x);
    if (misplaced)
      co_return co_await x.send(std::move(*misplaced));
  }
  const auto type = is_named ? std::string{} : x.field("Content-Type").value_or("");
  auto boundary = fields::multipart_boundary(type);
  if (!boundary)
    co_return co_await x.send(make_refusal(x, boundary.error()));
  auto request = read_request_fields(x, boundary->has_value());
  if (!request)
    co_return co_await x.send(make_refusal(x, request.error()));
  if (!x.body().has_body() && (*boundary || name_of_body(x).empty()))
    co_return co_await x.send_problem(what_is_missing(*boundary));
  const bool is_repeat = co_await answer_repeat(x, *boundary, *request);
  if (!is_repeat)
    co_await take_whole(x, std::move(*boundary), std::move(*request));
}

} // namespace mediad::net::uploads
