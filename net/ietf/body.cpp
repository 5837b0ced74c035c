#include "net/ietf/body.hpp"

#include "base/log.hpp"
#include "net/backend/backend.hpp"
#include "net/fields/structured.hpp"
#include "net/ietf/interim.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/append.hpp"
#include "net/uploads/handover.hpp"
#include "net/uploads/location.hpp"
#include "net/uploads/whole.hpp"

namespace mediad::net::ietf {

namespace {

constexpr problem taken_over{409, "taken_over", "A newer request goes on with the upload."};

/// What the request's own fields say the whole upload has; nothing: they do not.
/// @returns errc::conflict if they disagree.
result<std::optional<std::uint64_t>> named_length(const exchange& x, std::uint64_t offset,
                                                  bool completes) {
  auto named = fields::parse_count(x.field("Upload-Length"));
  const auto more = uploads::declared_length(x);
  if (more && named && offset + *more > *named)
    return fail(errc::conflict, "more bytes than Upload-Length");
  if (!completes || !more)
    return named;
  if (named && *named != offset + *more)
    return fail(errc::conflict, "Upload-Length is not what will have come");
  return std::optional{offset + *more};
}

asio::awaitable<uploads::append_result> take_content(exchange& x, uploads::incoming_file& file,
                                                     incoming_body how) {
  fields::content_check check{std::move(how.content)};
  uploads::body_watch watch;
  watch.on_saved = [&x, draft = how.draft](std::uint64_t offset) {
    return send_interim_offset(x, draft, offset);
  };
  if (check.is_needed()) {
    file.distrust();
    watch.on_bytes = [&check](std::string_view bytes) {
      check.update(bytes);
    };
  }
  const auto all = file.wanted_length().value_or(uploads::max_file_bytes(x));
  auto out = co_await uploads::append_body(x, file, all - file.bytes(), std::move(watch));
  if (!check.is_needed() || out.how != uploads::body_end::whole)
    co_return out;
  auto kept = check.finish();
  if (kept)
    kept = co_await file.save();
  if (!kept)
    out = {uploads::body_end::failed, kept.error()};
  co_return out;
}

/// The answer to a body that ended too early, if the client can still be reached.
answer make_broken(const exchange& x, const uploads::incoming_file& file,
                   const uploads::append_result& got) {
  const bool knows_length = file.wanted_length().has_value();
  switch (got.how) {
  case uploads::body_end::stalled: return x.make_problem(request_timeout);
  case uploads::body_end::taken_over: return x.make_problem(taken_over);
  case uploads::body_end::stopping: return x.make_problem(problem_of(errc::cancelled));
  case uploads::body_end::refused: return knows_length ? inconsistent_length(x) : make_too_large(x);
  case uploads::body_end::whole:
  case uploads::body_end::lost:
  case uploads::body_end::failed: break;
  }
  return x.make_problem(got.why);
}

/// Once this returns, no client finds the upload any more.
asio::awaitable<void> forget(exchange& x, uploads::incoming_file file) {
  const auto gone = co_await remove_file(x.shared(), file.id());
  if (!gone && gone.error().code != errc::not_found)
    file.remove();
}

asio::awaitable<void> answer_broken(exchange& x, uploads::incoming_file file,
                                    const incoming_body& how, const uploads::append_result& got) {
  auto a = make_broken(x, file, got);
  how.draft.set_state(a.base(), file.state().offset, false);
  // The draft: an upload that exceeds its length is invalid. And if its location was never sent, no
  // client can find it again.
  const bool unreachable =
    how.creates && !how.can_be_resumed && got.how != uploads::body_end::refused;
  if (got.how == uploads::body_end::refused || unreachable)
    co_await forget(x, std::move(file));
  co_await x.send(std::move(a));
}

asio::awaitable<void> answer_incomplete(exchange& x, const uploads::incoming_file& file,
                                        const incoming_body& how) {
  auto a = x.make(how.creates ? http::status::created : http::status::no_content);
  a.set(http::field::cache_control, "no-store");
  uploads::set_location(x, a, file.id());
  a.set("Upload-Limit", limits(x, file.state().expires_at));
  how.draft.set_state(a.base(), file.state().offset, false);
  co_await x.send(std::move(a));
}

asio::awaitable<void> finish(exchange& x, uploads::incoming_file file, dialect draft) {
  const auto bytes = file.bytes();
  const auto id = file.id();
  const auto record = co_await uploads::complete(x, std::move(file));
  if (record)
    co_return co_await x.send(make_final(x, draft, *record));
  auto a = x.make_problem(record.error());
  // All of it came, and sending it again would not help.
  if (record.error().code == errc::digest_mismatch) {
    draft.set_state(a.base(), bytes, true);
    // Its removal is under way; once this returns, no client finds it any more.
    const auto gone = co_await remove_file(x.shared(), id);
    if (!gone && gone.error().code != errc::not_found)
      log::warning(id, "not removed: " + gone.error().detail);
  }
  co_await x.send(std::move(a));
}

} // namespace

answer make_too_large(const exchange& x) {
  auto a = x.make_problem(problem_of(errc::too_large));
  a.set("Upload-Limit", limits(x, 0));
  return a;
}

answer make_final(const exchange& x, const dialect& draft, const file_record& record) {
  auto a = uploads::make_created(x, {record});
  draft.set_state(a.base(), record.bytes, true);
  return a;
}

asio::awaitable<bool> refuse_length(exchange& x, uploads::incoming_file& file,
                                    const incoming_body& how) {
  auto length = named_length(x, file.bytes(), how.completes);
  result<> fits;
  if (!length)
    fits = fail(length.error());
  else if (*length)
    fits = file.set_length(**length);
  const auto more = uploads::declared_length(x).value_or(0);
  const auto known = file.wanted_length();
  if (fits && known && file.bytes() + more > *known)
    fits = fail(errc::conflict, "more bytes than are missing");
  if (fits && file.bytes() + more > uploads::max_file_bytes(x))
    fits = fail(errc::too_large, "more than a file may have");
  if (fits)
    co_return false;
  const bool too_large = fits.error().code == errc::too_large;
  auto a = too_large ? make_too_large(x) : inconsistent_length(x);
  how.draft.set_state(a.base(), file.state().offset, false);
  co_await x.send(std::move(a));
  co_return true;
}

asio::awaitable<void> take_bytes(exchange& x, uploads::incoming_file file, incoming_body how) {
  if (!how.completes && !how.by_length)
    file.stay_open();
  const auto got = co_await take_content(x, file, how);
  if (got.how != uploads::body_end::whole)
    co_return co_await answer_broken(x, std::move(file), how, got);
  if (!how.completes && !(how.by_length && file.is_whole()))
    co_return co_await answer_incomplete(x, file, how);
  // A chunked body may have brought less than was announced.
  if (const auto all = file.set_length(file.bytes()); !all) {
    auto a = inconsistent_length(x);
    how.draft.set_state(a.base(), file.state().offset, false);
    co_return co_await x.send(std::move(a));
  }
  co_await finish(x, std::move(file), how.draft);
}

} // namespace mediad::net::ietf
