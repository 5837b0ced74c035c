#include "net/tus/concatenation.hpp"

#include "base/ulid.hpp"
#include "net/access/ownership.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/services.hpp"
#include "net/tus/answers.hpp"
#include "net/tus/join.hpp"
#include "net/tus/repetition.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/idempotency.hpp"
#include "net/uploads/lease.hpp"
#include "net/uploads/location.hpp"

namespace mediad::net::tus {

namespace {

/// Joined while the client waits: well below a second of a disk's time.
constexpr std::uint64_t short_join_bytes = std::uint64_t{64} << 20U;

struct refused_parts {
  problem why;
  std::string detail;
};

/// The bytes of all parts, once each of them is there, whole and the user's.
std::optional<refused_parts> add_up(const exchange& x, storage::new_upload& wanted) {
  wanted.length = 0;
  for (const auto& id : wanted.terms.parts) {
    const auto part = find_own_upload(x.storage(), x.asker(), id);
    if (!part)
      return refused_parts{problem_of(errc::not_found), "There is no upload " + id + "."};
    if (!part->is_partial())
      return refused_parts{problem_of(errc::bad_request), id + " is no partial upload."};
    if (!part->complete)
      return refused_parts{problem_of(errc::conflict), id + " is not finished."};
    if (part->length > x.options().max_file_bytes - wanted.length)
      return refused_parts{problem_of(errc::too_large), {}};
    wanted.length += part->length;
  }
  return std::nullopt;
}

/// The request's own key, or one made of what it asks for: its parts go when they are joined, so
/// that a client which missed the answer could not ask for the same again.
result<storage::request_key> key_of(const exchange& x, const storage::new_upload& wanted) {
  std::string parts;
  for (const auto& id : wanted.terms.parts)
    parts += id;
  auto key = uploads::read_request_key(x, {"tus final", wanted.terms.metadata, parts});
  if (key && key->key.empty())
    return uploads::derive_request_key({"tus final", wanted.terms.metadata, parts});
  return key;
}

asio::awaitable<void> send_created(exchange& x, const std::string& id, bool is_joined) {
  auto a = x.make(http::status::created);
  uploads::set_location(x, a, id);
  if (is_joined)
    uploads::set_described_by(x, a, id);
  co_await x.send(std::move(a));
}

} // namespace

asio::awaitable<void> create_final(exchange& x, storage::new_upload wanted) {
  const auto key = key_of(x, wanted);
  if (!key)
    co_return co_await x.send(uploads::make_refusal(x, key.error()));
  // Its parts are looked at first: if they have just been joined, the key is there, too.
  const auto refused = add_up(x, wanted);
  bool is_repeat = co_await answer_repeat(x, *key);
  if (is_repeat)
    co_return;
  wanted.key = *key;
  if (refused)
    co_return co_await x.send_problem(refused->why, refused->detail);
  const auto length = wanted.length;
  const auto admitted = co_await uploads::check_admission(x, length, x.options().max_file_bytes);
  if (!admitted)
    co_return co_await x.send_problem(admitted.error());
  const auto id = make_ulid();
  wanted.id = id;
  wanted.terms.expires_at = uploads::upload_expiry(x.options());
  const auto begun = co_await begin_upload(x.shared(), std::move(wanted));
  if (!begun && begun.error().code == errc::conflict) {
    is_repeat = co_await answer_repeat(x, *key);
    if (is_repeat)
      co_return;
  }
  if (!begun)
    co_return co_await x.send_problem(begun.error());
  if (length > short_join_bytes) {
    join_in_background(x.shared(), {id});
    co_return co_await send_created(x, id, false);
  }
  const auto joined = co_await join(x.shared(), id);
  if (!joined)
    co_return co_await x.send_problem(joined.error());
  co_await send_created(x, id, true);
}

} // namespace mediad::net::tus
