#include "net/tus/join.hpp"

#include "base/log.hpp"
#include "base/upload.hpp"
#include "net/backend/backend.hpp"
#include "net/uploads/joined_file.hpp"
#include "net/uploads/lease.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>

namespace mediad::net::tus {

namespace asio = boost::asio;

namespace {

constexpr unsigned max_tries = 7; ///< A join in the background is tried for about a minute.
constexpr std::chrono::milliseconds first_retry_delay{1'000}; ///< Each delay is twice the last.
constexpr std::chrono::milliseconds stop_poll_interval{
  100}; ///< A stop of the server is noticed within it.

/// The join was interrupted, or the disk may have room again.
bool is_worth_a_retry(errc code) {
  return code == errc::cancelled || code == errc::storage_full || is_retryable(code);
}

result<std::vector<uploads::joined_file::part>> find_parts(services& shared,
                                                           const upload_state& state) {
  std::vector<uploads::joined_file::part> out;
  for (const auto& id : state.parts) {
    const auto part = shared.deps.files.find_upload(id);
    if (!part)
      return fail(part.error());
    out.push_back({shared.deps.files.staging_path(id), part->offset, part->hash});
  }
  return out;
}

/// All bytes of all parts, synced.
asio::awaitable<result<received_body>> copy_parts(services& shared, const upload_state& state,
                                                  const stop_signal& unwanted) {
  const auto io = co_await asio::this_coro::executor;
  auto parts = find_parts(shared, state);
  if (!parts)
    co_return fail(parts.error());
  auto file =
    uploads::joined_file::open(shared.deps.files.staging_path(state.id), std::move(*parts));
  if (!file)
    co_return fail(file.error());
  while (!file->is_done()) {
    if (shared.stopping.load() || unwanted.raised())
      co_return fail(errc::cancelled, "a join was stopped");
    if (const auto copied = file->copy_some(); !copied)
      co_return fail(copied.error());
    co_await asio::post(io, asio::use_awaitable); // others wait for this thread, too
  }
  auto sha256 = file->finish();
  if (!sha256)
    co_return fail(sha256.error());
  received_body body;
  body.id = state.id;
  body.user = state.user;
  body.bytes = state.length;
  body.sha256 = std::move(*sha256);
  co_return body;
}

asio::awaitable<result<>> register_file(services& shared, received_body body) {
  std::vector<received_body> bodies;
  bodies.push_back(std::move(body));
  const auto answers = co_await accept_bodies(shared, std::move(bodies));
  if (answers.empty())
    co_return fail(errc::cancelled, "stopped while a file was handed over");
  if (!answers.front())
    co_return fail(answers.front().error());
  co_return result<>{};
}

asio::awaitable<result<>> join_on_disk(services& shared, std::string id) {
  const auto turn = co_await shared.turns.take(id, shared.options.take_over_patience);
  if (!turn)
    co_return fail(turn.error());
  const auto state = shared.deps.files.find_upload(id);
  if (!state)
    co_return fail(state.error());
  const auto io = co_await asio::this_coro::executor;
  const uploads::lease kept{shared, io, id};
  result<> done;
  auto body = co_await copy_parts(shared, *state, (*turn)->taken_over);
  if (body)
    done = co_await register_file(shared, std::move(*body));
  else
    done = fail(body.error());
  if (done) {
    for (const auto& part : std::set<std::string>{state->parts.begin(), state->parts.end()})
      drop_upload(shared, part);
    co_return done;
  }
  const auto code = done.error().code;
  if (code != errc::cancelled)
    log::error(id, done.error());
  if (!is_worth_a_retry(code))
    drop_upload(shared, id);
  co_return done;
}

asio::awaitable<void> sleep_until_stop(services& shared, std::chrono::milliseconds delay) {
  const auto until = std::chrono::steady_clock::now() + delay;
  asio::steady_timer timer{co_await asio::this_coro::executor};
  while (!shared.stopping.load() && std::chrono::steady_clock::now() < until) {
    timer.expires_after(stop_poll_interval);
    static_cast<void>(co_await timer.async_wait(asio::as_tuple(asio::use_awaitable)));
  }
}

asio::awaitable<void> join_all(services& shared, std::vector<std::string> ids) {
  auto delay = first_retry_delay;
  for (unsigned tries = 0; tries < max_tries; ++tries) {
    std::vector<std::string> failed;
    for (const auto& id : ids) {
      if (shared.stopping.load())
        co_return;
      const auto done = co_await join_on_disk(shared, id);
      if (!done && is_worth_a_retry(done.error().code))
        failed.push_back(id);
    }
    ids = std::move(failed);
    if (ids.empty())
      co_return;
    co_await sleep_until_stop(shared, delay);
    delay *= 2;
  }
  // The next start tries again, unless they have expired.
  for (const auto& id : ids)
    log::error(id, "its parts could not be joined");
}

} // namespace

asio::awaitable<result<>> join(services& shared, std::string id) {
  auto work = join_on_disk(shared, id);
  auto done =
    co_await asio::co_spawn(asio::make_strand(shared.disk), std::move(work), asio::use_awaitable);
  // The client learns that the join failed, and creates another. If the outcome is unknown, the
  // upload is left to the next start.
  const bool is_unknown =
    !done && (done.error().code == errc::timeout || done.error().code == errc::cancelled);
  if (!done && !is_unknown)
    drop_upload(shared, std::move(id));
  co_return done;
}

void join_in_background(services& shared, std::vector<std::string> ids) {
  auto ended = [](std::exception_ptr bug) {
    try {
      if (bug)
        std::rethrow_exception(bug);
    } catch (const std::exception& e) {
      log::error("http", std::string{"a join threw: "} + e.what());
    }
  };
  asio::co_spawn(asio::make_strand(shared.disk), join_all(shared, std::move(ids)),
                 std::move(ended));
}

void resume_joins(services& shared) {
  auto ids = shared.deps.files.unjoined();
  if (!ids)
    log::error("http", ids.error());
  else if (!ids->empty())
    join_in_background(shared, std::move(*ids));
}

} // namespace mediad::net::tus
