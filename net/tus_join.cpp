#include "net/tus_join.hpp"

#include "base/log.hpp"
#include "base/upload.hpp"
#include "net/backend.hpp"
#include "net/joined_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mediad::net {

namespace asio = boost::asio;

namespace {

result<std::vector<joined_file::part>> find_parts(services& shared, const upload_state& state) {
  std::vector<joined_file::part> out;
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
  auto file = joined_file::open(shared.deps.files.staging_path(state.id), std::move(*parts));
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
  result<> done;
  auto body = co_await copy_parts(shared, *state, (*turn)->taken_over);
  if (body)
    done = co_await register_file(shared, std::move(*body));
  else
    done = fail(body.error());
  if (done) {
    for (const auto& part : state->parts)
      drop_upload(shared, part);
    co_return done;
  }
  const auto code = done.error().code;
  if (code != errc::cancelled)
    log::error(id, done.error());
  // What may go better is tried again at the next start, until it expires.
  if (code != errc::cancelled && !is_retryable(code))
    drop_upload(shared, id);
  co_return done;
}

asio::awaitable<void> join_all(services& shared, std::vector<std::string> ids) {
  for (const auto& id : ids)
    if (!shared.stopping.load())
      static_cast<void>(co_await join_on_disk(shared, id));
}

} // namespace

asio::awaitable<result<>> join(services& shared, std::string id) {
  auto work = join_on_disk(shared, std::move(id));
  co_return co_await asio::co_spawn(asio::make_strand(shared.disk), std::move(work),
                                    asio::use_awaitable);
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

} // namespace mediad::net
