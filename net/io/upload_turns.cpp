#include "net/io/upload_turns.hpp"

#include "net/io/shared_context.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <mutex>
#include <unordered_map>
#include <utility>

namespace mediad::net {

namespace asio = boost::asio;

namespace {

/// A request that waits for its turn. What is not `wake` is guarded by the table's mutex.
struct waiter {
  explicit waiter(asio::any_io_executor executor)
    : io{std::move(executor)}, alive{hold_context(io)}, wake{io} {}

  asio::any_io_executor io;
  std::shared_ptr<void> alive; ///< The context, while another thread posts to it.
  asio::steady_timer wake;     ///< Belongs to the thread of the request.
  upload_turns::turn granted;
  bool gave_up = false;
};

void wake_up(const std::shared_ptr<waiter>& w) {
  asio::post(w->io, [w] { w->wake.cancel(); });
}

void tell_to_let_go(const upload_turns::turn& holder) {
  const auto io = holder->io;
  const auto alive = hold_context(io);
  asio::post(io, [weak = std::weak_ptr{holder}] {
    if (const auto turn = weak.lock())
      turn->taken_over.raise();
  });
}

} // namespace

struct upload_turns::table : std::enable_shared_from_this<table> {
  struct holding {
    std::weak_ptr<upload_turn> holder;
    std::shared_ptr<waiter> next;
  };

  std::mutex guard;
  std::unordered_map<std::string, holding> holdings;

  turn make_turn(const std::string& id, asio::any_io_executor io) {
    const auto let_go = [id, self = shared_from_this()](upload_turn* ended) {
      delete ended;
      self->pass_on(id);
    };
    turn made{new upload_turn, let_go};
    made->io = std::move(io);
    return made;
  }

  void pass_on(const std::string& id) {
    const std::lock_guard lock{guard};
    const auto found = holdings.find(id);
    const auto next = std::exchange(found->second.next, nullptr);
    if (!next) {
      holdings.erase(found);
      return;
    }
    next->granted = make_turn(id, next->io);
    found->second.holder = next->granted;
    wake_up(next);
  }

  /// @returns a turn at once, or nothing: then @p me is in line.
  turn sit_or_queue(const std::string& id, const std::shared_ptr<waiter>& me) {
    turn holder; // released after the lock: the last share may be this one
    const std::lock_guard lock{guard};
    const auto [found, is_free] = holdings.try_emplace(id);
    auto& here = found->second;
    if (is_free) {
      auto mine = make_turn(id, me->io);
      here.holder = mine;
      return mine;
    }
    if (const auto older = std::exchange(here.next, me)) {
      older->gave_up = true;
      wake_up(older);
    }
    holder = here.holder.lock();
    if (holder)
      tell_to_let_go(holder);
    return nullptr;
  }

  /// @returns what was granted meanwhile, if anything.
  turn leave_line(const std::string& id, waiter& me) {
    const std::lock_guard lock{guard};
    const auto found = holdings.find(id);
    if (found != holdings.end() && found->second.next.get() == &me)
      found->second.next = nullptr;
    me.gave_up = true;
    return std::exchange(me.granted, nullptr);
  }

  bool is_settled(const waiter& me) {
    const std::lock_guard lock{guard};
    return me.granted != nullptr || me.gave_up;
  }
};

namespace {

/// Also leaves when the coroutine is given up.
template <class Table>
struct place_in_line {
  std::shared_ptr<Table> table;
  std::string id;
  std::shared_ptr<waiter> me;

  ~place_in_line() {
    static_cast<void>(table->leave_line(id, *me));
  }
};

} // namespace

upload_turns::upload_turns() : table_{std::make_shared<table>()} {}
upload_turns::~upload_turns() = default;

asio::awaitable<result<upload_turns::turn>> upload_turns::take(std::string id,
                                                               std::chrono::milliseconds patience) {
  const auto io = co_await asio::this_coro::executor;
  const auto me = std::make_shared<waiter>(io);
  auto mine = table_->sit_or_queue(id, me);
  if (mine)
    co_return mine;
  const place_in_line<table> line{table_, id, me};
  me->wake.expires_after(patience);
  while (!table_->is_settled(*me)) {
    const auto [woken] = co_await me->wake.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!woken)
      break; // patience is over
  }
  mine = table_->leave_line(id, *me);
  if (!mine)
    co_return fail(errc::busy, "the upload is being written to by a request that does not end");
  co_return mine;
}

} // namespace mediad::net
