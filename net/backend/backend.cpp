#include "net/backend/backend.hpp"

#include "base/clock.hpp"
#include "net/access/credentials.hpp"
#include "net/backend/ask.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace mediad::net {

namespace asio = boost::asio;

namespace {

using records = std::vector<result<file_record>>;

asio::awaitable<result<bool>> is_stored_damaged(const storage::view& files, std::string sha256,
                                                std::string id) {
  co_return files.is_damaged(sha256, id);
}

/// The store keeps equal bytes once. Those of an earlier upload stand in for new ones only if the
/// disk has kept them as they were.
asio::awaitable<void> compare_with_stored(services& shared, received_body& body) {
  const auto known = shared.deps.files.has_bytes(body.sha256);
  if (!known || !*known)
    co_return;
  auto work = is_stored_damaged(shared.deps.files, body.sha256, body.id);
  const auto damaged =
    co_await asio::co_spawn(shared.disk.get_executor(), std::move(work), asio::use_awaitable);
  body.replaces_stored = damaged && *damaged;
}

void count_share_use(services& shared, const std::string& id, std::uint64_t times) {
  mediad::storage::share_use use{id, times};
  caf::anon_send(shared.deps.storage, mediad::storage::change{std::move(use)});
}

} // namespace

asio::awaitable<result<storage::applied>> apply_change(services& shared, storage::change what) {
  return ask<storage::applied>(*shared.deps.system, shared.deps.storage,
                               shared.options.request_timeout, std::move(what));
}

asio::awaitable<result<>> admit(services& shared, std::string user) {
  const auto answer =
    co_await ask<caf::ok_atom>(*shared.deps.system, shared.deps.dispatcher,
                               shared.options.request_timeout, admit_atom_v, std::move(user));
  if (!answer)
    co_return fail(answer.error());
  co_return result<>{};
}

asio::awaitable<result<file_record>> begin_upload(services& shared, storage::new_upload wanted) {
  auto done = co_await apply_change(shared, std::move(wanted));
  if (!done)
    co_return fail(done.error());
  co_return std::move(done->record);
}

asio::awaitable<result<file_record>> record_appended(services& shared, storage::appended a) {
  auto done = co_await apply_change(shared, std::move(a));
  if (!done)
    co_return fail(done.error());
  co_return std::move(done->record);
}

asio::awaitable<records> accept_bodies(services& shared, std::vector<received_body> bodies) {
  for (auto& body : bodies)
    co_await compare_with_stored(shared, body);
  if (bodies.empty())
    co_return records{};
  const auto count = bodies.size();
  auto send = [dispatcher = shared.deps.dispatcher, timeout = shared.options.request_timeout,
               all = std::make_shared<const std::vector<received_body>>(std::move(bodies))](
                caf::event_based_actor* self, std::size_t i) {
    return self->request(dispatcher, timeout, accept_atom_v, (*all)[i]);
  };
  co_return co_await ask_all<file_record>(*shared.deps.system, count, std::move(send));
}

asio::awaitable<std::vector<result<storage::applied>>>
apply_changes(services& shared, std::vector<storage::change> some) {
  if (some.empty())
    co_return std::vector<result<storage::applied>>{};
  const auto count = some.size();
  auto send = [owner = shared.deps.storage, timeout = shared.options.request_timeout,
               all = std::make_shared<const std::vector<storage::change>>(std::move(some))](
                caf::event_based_actor* self, std::size_t i) {
    return self->request(owner, timeout, (*all)[i]);
  };
  co_return co_await ask_all<storage::applied>(*shared.deps.system, count, std::move(send));
}

asio::awaitable<result<file_record>> cancel_file(services& shared, std::string id) {
  return ask<file_record>(*shared.deps.system, shared.deps.dispatcher,
                          shared.options.request_timeout, cancel_atom_v, std::move(id));
}

asio::awaitable<result<file_record>> retry_file(services& shared, std::string id) {
  return ask<file_record>(*shared.deps.system, shared.deps.dispatcher,
                          shared.options.request_timeout, retry_atom_v, std::move(id));
}

asio::awaitable<result<file_record>> remove_file(services& shared, std::string id) {
  return ask<file_record>(*shared.deps.system, shared.deps.dispatcher,
                          shared.options.request_timeout, remove_atom_v, std::move(id));
}

asio::awaitable<result<stage_progress>> live_progress(services& shared, std::string id) {
  return ask<stage_progress>(*shared.deps.system, shared.deps.dispatcher,
                             shared.options.request_timeout, progress_atom_v, std::move(id));
}

asio::awaitable<result<event>> post_notice(services& shared, storage::notice n) {
  auto done = co_await apply_change(shared, std::move(n));
  if (!done)
    co_return fail(done.error());
  co_return std::move(done->event.value());
}

void end_what_counts_no_more(services& shared) {
  shared.live.check([&](const caller& who) { return still_counts(shared.deps.files, who); });
}

void end_what_has_expired(services& shared) {
  const auto now = now_ms();
  // Most have not: only of the others the storage is asked, as a session may have been put off.
  shared.live.check([&](const caller& who) {
    return who.expires_at == 0 || now < who.expires_at || still_counts(shared.deps.files, who);
  });
}

audit_log::keeper keep_in(storage_actor storage) {
  return [storage = std::move(storage)](std::vector<audit_row> rows) {
    caf::anon_send(storage, mediad::storage::change{mediad::storage::audited{std::move(rows)}});
  };
}

void note_use(const storage_actor& storage, const credential_row& known) {
  mediad::storage::credential_use use{known.id, now_ms()};
  if (known.kind == credential_kind::session) {
    const auto idle = std::chrono::milliseconds{session_idle}.count();
    const auto longest = std::chrono::milliseconds{session_longest}.count();
    use.expires_at = std::min(use.used_at + idle, known.created_at + longest);
  }
  caf::anon_send(storage, mediad::storage::change{std::move(use)});
}

void note_share_use(services& shared, const std::string& id) {
  if (const auto times = shared.opened_shares.add(id); times > 0)
    count_share_use(shared, id, times);
}

void flush_share_uses(services& shared, bool all) {
  for (const auto& [id, times] : shared.opened_shares.take_due(all))
    count_share_use(shared, id, times);
}

void drop_upload(services& shared, std::string id) {
  if (shared.deps.early_previews)
    caf::anon_send(shared.deps.early_previews, remove_atom_v, id);
  caf::anon_send(shared.deps.storage, storage::change{storage::removal{std::move(id)}});
}

void drop_file(services& shared, std::string id) {
  caf::anon_send(shared.deps.dispatcher, remove_atom_v, std::move(id));
}

void announce(services& shared, live_event e) {
  caf::anon_send(shared.deps.notifier, std::move(e));
}

void announce_growth(services& shared, growth g) {
  if (shared.deps.early_previews)
    caf::anon_send(shared.deps.early_previews, std::move(g));
}

} // namespace mediad::net
