#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "bench/client.hpp"
#include "bench/load.hpp"
#include "bench/samples.hpp"
#include "bench/standard_input.hpp"

namespace mediad::bench {

namespace asio = boost::asio;

namespace {

/// What the connections of one run share. One thread.
struct getting {
  load wanted;
  std::string head;
  samples taken;
  std::uint64_t begun = 0;
  bool is_over = false;
};

asio::awaitable<void> get_again_and_again(getting& g) {
  const auto io = co_await asio::this_coro::executor;
  client connection{io, g.wanted.server};
  asio::steady_timer pause{io};
  while (!g.is_over && g.begun < g.wanted.count) {
    ++g.begun;
    const auto begun = samples::clock::now();
    const auto got = co_await connection.exchange(g.head, nullptr, 0);
    if (!got)
      g.taken.add_failure(got.error().detail);
    else if (got->result_int() != 200)
      g.taken.add_failure(std::to_string(got->result_int()));
    else
      g.taken.add(samples::clock::now() - begun);
    pause.expires_after(g.wanted.pause);
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

} // namespace

nlohmann::ordered_json get(const load& wanted) {
  getting g;
  g.wanted = wanted;
  g.head = "GET " + wanted.path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  asio::io_context io{1};
  standard_input input{io};
  auto left = wanted.connections;
  input.on_end([&g] { g.is_over = true; });
  const auto begun = samples::clock::now();
  for (std::size_t i = 0; i < wanted.connections; ++i)
    asio::co_spawn(io, get_again_and_again(g), [&](const std::exception_ptr&) {
      if (--left == 0)
        io.stop();
    });
  io.run_for(wanted.time_limit);
  if (left > 0)
    g.taken.add_failure("not done within the time limit");
  return g.taken.summary(samples::clock::now() - begun);
}

} // namespace mediad::bench
