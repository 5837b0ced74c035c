#include "net/tus/repetition.hpp"

#include "net/tus/answers.hpp"
#include "net/uploads/idempotency.hpp"
#include "net/uploads/location.hpp"
#include "net/uploads/repetition.hpp"

namespace mediad::net::tus {

namespace {

answer make_repeated(const exchange& x, const upload_state& state) {
  auto a = x.make(http::status::created);
  uploads::set_location(x, a, state.id);
  if (state.complete || !state.is_final()) // while its parts are joined it has no offset
    set_progress(a, state);
  if (state.complete && !state.is_partial())
    uploads::set_described_by(x, a, state.id);
  return a;
}

/// The bytes that a creation brings are not kept again; they must be those that came first. How far
/// those reached, the answer says.
asio::awaitable<std::optional<answer>> refuse_other_bytes(exchange& x, const upload_state& state) {
  if (!x.body().has_body())
    co_return std::nullopt;
  auto stored = uploads::open_earlier(x, state);
  if (!stored)
    co_return x.make_problem(stored.error());
  uploads::earlier_bytes first{std::move(*stored)};
  first.how_far = uploads::reach::beyond;
  auto other = x.make_problem(uploads::problem_of_reuse(x));
  co_return co_await uploads::refuse_other_bytes(x, std::move(first), std::move(other));
}

} // namespace

asio::awaitable<bool> answer_repeat(exchange& x, const storage::request_key& key) {
  const auto earlier = uploads::find_earlier(x, key);
  if (earlier && !*earlier)
    co_return false;
  if (!earlier) {
    co_await x.send_problem(earlier.error());
    co_return true;
  }
  const auto state = (*earlier)->same ? x.storage().find_upload((*earlier)->files.front().id)
                                      : fail(errc::not_found, "another request");
  if (!state) {
    co_await x.send_problem(uploads::problem_of_reuse(x));
    co_return true;
  }
  auto a = co_await refuse_other_bytes(x, *state);
  if (!a)
    a = make_repeated(x, *state);
  co_await x.send(std::move(*a));
  co_return true;
}

} // namespace mediad::net::tus
