#include "net/uploads/incoming_file.hpp"

#include "base/sha256.hpp"
#include "base/ulid.hpp"
#include "net/access/ownership.hpp"
#include "net/backend/backend.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/early_preview.hpp"
#include "net/uploads/lease.hpp"

#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace mediad::net::uploads {

namespace {

constexpr std::chrono::milliseconds tell_interval{250};

} // namespace

incoming_file::incoming_file(exchange& x, upload_state state, upload_turns::turn turn,
                             staging_file file)
  : shared_{x.shared()},
    limit_{max_file_bytes(x)},
    state_{std::move(state)},
    turn_{std::move(turn)},
    file_{std::move(file)},
    bytes_{state_.offset} {
  shared_.counters.receiving.fetch_add(1, std::memory_order_relaxed);
}

incoming_file::incoming_file(incoming_file&& other) noexcept
  : shared_{other.shared_},
    limit_{other.limit_},
    state_{std::exchange(other.state_, {})},
    turn_{std::move(other.turn_)},
    file_{std::move(other.file_)},
    bytes_{other.bytes_},
    resumable_{other.resumable_},
    trusted_{other.trusted_},
    stays_open_{other.stays_open_},
    told_{other.told_},
    saved_{other.saved_} {}

incoming_file::~incoming_file() {
  if (state_.id.empty())
    return;
  shared_.counters.receiving.fetch_sub(1, std::memory_order_relaxed);
  if (!resumable_)
    drop_upload(shared_, state_.id);
}

asio::awaitable<result<incoming_file>> incoming_file::open(exchange& x, upload_state state,
                                                           upload_turns::turn turn) {
  const auto io = co_await asio::this_coro::executor;
  staging_file::plan what;
  what.file = x.storage().staging_path(state.id);
  if (state.has_length())
    what.length = state.length;
  what.start.bytes = state.offset;
  what.start.hash = state.hash;
  what.grown = tell_early_previews(x.shared(), state);
  what.kept = turn;
  staging_file file{x.shared(), io, std::move(what)};
  co_return incoming_file{x, std::move(state), std::move(turn), std::move(file)};
}

asio::awaitable<result<incoming_file>> incoming_file::begin(exchange& x,
                                                            storage::new_upload wanted) {
  const auto pass = co_await x.shared().beginnings.enter();
  if (!pass)
    co_return fail(pass.error());
  co_return co_await begin_now(x, wanted);
}

asio::awaitable<result<incoming_file>> incoming_file::begin_now(exchange& x,
                                                                storage::new_upload& wanted) {
  wanted.id = make_ulid();
  wanted.terms.expires_at = wanted.resumable ? upload_expiry(x.options()) : 0;
  wanted.early_preview = may_have_early_preview(x.shared(), wanted.terms, wanted.length);
  auto turn = co_await x.shared().turns.take(wanted.id, x.options().take_over_patience);
  if (!turn)
    co_return fail(turn.error());
  auto state = wanted.terms;
  state.id = wanted.id;
  state.user = wanted.user;
  state.length = wanted.length;
  const bool resumable = wanted.resumable;
  const auto record = co_await begin_upload(x.shared(), std::move(wanted));
  if (!record)
    co_return fail(record.error());
  auto file = co_await open(x, std::move(state), std::move(*turn));
  file->resumable_ = resumable;
  co_return file;
}

asio::awaitable<result<incoming_file>> incoming_file::resume(exchange& x, std::string id) {
  const auto before = find_own_upload(x.storage(), x.asker(), id);
  if (!before)
    co_return fail(before.error());
  auto turn = co_await x.shared().turns.take(id, x.options().take_over_patience);
  if (!turn)
    co_return fail(turn.error());
  // The request that had the turn before may have added bytes, or removed the upload.
  auto state = x.storage().find_upload(id);
  if (!state)
    co_return fail(state.error());
  co_return co_await open(x, std::move(*state), std::move(*turn));
}

result<> incoming_file::set_length(std::uint64_t length) {
  if (length > limit_)
    return fail(errc::too_large, "declared length over the limit");
  if ((state_.has_length() && state_.length != length) || length < bytes_)
    return fail(errc::conflict, "another length than was known");
  state_.length = length;
  return {};
}

asio::awaitable<result<std::span<char>>> incoming_file::room() {
  const auto age = std::chrono::steady_clock::now() - saved_;
  if (resumable_ && trusted_ && age >= shared_.options.save_interval)
    if (auto saved = co_await save(); !saved)
      co_return fail(saved.error());
  co_return co_await file_.room();
}

result<> incoming_file::filled(std::size_t n) {
  bytes_ += n;
  if (bytes_ > limit_ || bytes_ > state_.length)
    return fail(errc::too_large, "file over the limit");
  file_.filled(n);
  tell();
  return {};
}

asio::awaitable<result<>> incoming_file::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto space = co_await room();
    if (!space)
      co_return fail(space.error());
    const auto n = std::min(bytes.size(), space->size());
    std::copy_n(bytes.data(), n, space->data());
    if (auto taken = filled(n); !taken)
      co_return taken;
    bytes.remove_prefix(n);
  }
  co_return result<>{};
}

asio::awaitable<result<>> incoming_file::save() {
  saved_ = std::chrono::steady_clock::now();
  const auto written = co_await file_.save();
  if (!written)
    co_return fail(written.error());
  storage::appended a;
  a.id = state_.id;
  a.length = state_.length;
  a.offset = written->bytes;
  a.hash = written->hash;
  a.complete = state_.is_partial() && written->bytes == state_.length;
  a.expires_at = upload_expiry(shared_.options);
  a.stays_open = stays_open_;
  // Do not record the full length here. Only `arrival` may do that: if the server died in between,
  // the client would see offset == length and never come back. One that completes its upload by a
  // word of its own will.
  if (!a.complete && !a.stays_open && written->bytes == state_.length)
    co_return result<>{};
  const auto recorded = co_await record_appended(shared_, a);
  if (!recorded)
    co_return fail(recorded.error());
  state_.offset = a.offset;
  state_.hash = std::move(a.hash);
  state_.complete = a.complete;
  state_.expires_at = a.expires_at;
  trusted_ = true;
  co_return result<>{};
}

asio::awaitable<result<received_body>> incoming_file::finish() {
  const auto written = co_await file_.save();
  if (!written)
    co_return fail(written.error());
  auto hash = sha256::restore(written->hash);
  if (!hash)
    co_return fail(hash.error());
  received_body body;
  body.id = state_.id;
  body.user = state_.user;
  body.bytes = written->bytes;
  body.sha256 = std::move(*hash).hex();
  if (!state_.wanted_sha256.empty() && state_.wanted_sha256 != body.sha256)
    co_return fail(errc::digest_mismatch, "the whole has another SHA-256 than was announced");
  co_return body;
}

void incoming_file::release() {
  shared_.counters.receiving.fetch_sub(1, std::memory_order_relaxed);
  shared_.counters.uploads.fetch_add(1, std::memory_order_relaxed);
  state_.id.clear();
}

void incoming_file::remove() {
  resumable_ = false;
}

void incoming_file::tell() {
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < tell_interval)
    return;
  told_ = now;
  nlohmann::ordered_json text{{"type", "upload.progress"}, {"id", state_.id}, {"bytes", bytes_}};
  text["total"] = nullptr;
  if (state_.has_length())
    text["total"] = state_.length;
  live_event e;
  e.type = "upload.progress";
  e.file_id = state_.id;
  e.user = state_.user;
  e.text = text.dump();
  announce(shared_, std::move(e));
}

} // namespace mediad::net::uploads
