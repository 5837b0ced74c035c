#include "command/admin/server.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "command/admin/local_socket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mediad::command {

namespace {

using nlohmann::json;
using steady = std::chrono::steady_clock;

std::string line_of(const json& j) {
  return j.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string refusal(const std::string& code, const std::string& detail) {
  return line_of({{"error", {{"code", code}, {"detail", detail}}}});
}

std::string refusal(const error& e) {
  return refusal(to_string(e.code), e.detail);
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/// A line comes, then a line goes.
struct connection {
  unique_fd socket;
  steady::time_point until;
  std::string request;
  std::string answer; ///< Empty: the request is not whole yet.
  std::size_t sent = 0;
  bool is_over = false;
};

} // namespace

struct admin_server::parts {
  admin_options options;
  admin_handlers handlers;
  unique_fd listening;
  unique_fd wake;
  std::vector<connection> open;
  std::thread thread;

  ~parts() {
    if (thread.joinable()) {
      // The only failure is a full counter, and then the thread is awake already.
      static_cast<void>(::eventfd_write(wake.get(), 1));
      thread.join();
    }
    if (listening)
      static_cast<void>(::unlink(options.file.c_str()));
  }

  void run() {
    std::vector<pollfd> watched;
    for (;;) {
      watch(watched);
      if (::poll(watched.data(), watched.size(), time_left()) < 0 && errno != EINTR)
        return log::error("admin", fail_errno(errno, "poll"));
      if (watched[0].revents != 0)
        return;
      for (std::size_t i = 0; i < open.size(); ++i)
        if (watched[i + 2].revents != 0)
          advance(open[i]);
      const auto now = steady::now();
      std::erase_if(open, [=](const connection& c) { return c.is_over || c.until <= now; });
      if (watched[1].revents != 0)
        accept_one();
    }
  }

  /// First what wakes, then what listens, then the connections in their order.
  void watch(std::vector<pollfd>& watched) const {
    const bool has_room = open.size() < options.max_connections;
    watched.clear();
    watched.push_back({wake.get(), POLLIN, 0});
    watched.push_back({has_room ? listening.get() : -1, POLLIN, 0});
    for (const auto& c : open)
      watched.push_back({c.socket.get(), c.answer.empty() ? short{POLLIN} : short{POLLOUT}, 0});
  }

  /// Milliseconds until the first connection has had its time; -1: there is none.
  int time_left() const {
    const auto first =
      std::min_element(open.begin(), open.end(),
                       [](const connection& a, const connection& b) { return a.until < b.until; });
    if (first == open.end())
      return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(first->until - steady::now());
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
  }

  void accept_one() {
    unique_fd socket{::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!socket)
      return;
    connection c;
    c.until = steady::now() + options.patience;
    ucred peer{};
    socklen_t size = sizeof peer;
    const auto known = ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    if (!known || !options.may_ask(peer.uid)) {
      log::warning("admin", "refused a command of user " + std::to_string(peer.uid));
      c.answer = refusal("forbidden", "only the user whom the server runs as, or root, may ask it");
    }
    c.socket = std::move(socket);
    open.push_back(std::move(c));
  }

  void advance(connection& c) const {
    if (c.answer.empty())
      read(c);
    if (!c.answer.empty())
      write(c);
  }

  void read(connection& client) const {
    std::array<char, 4096> piece{};
    const auto got = ::recv(client.socket.get(), piece.data(), piece.size(), 0);
    if (got < 0 && would_block())
      return;
    if (got <= 0) {
      client.is_over = true;
      return;
    }
    client.request.append(piece.data(), static_cast<std::size_t>(got));
    const auto end = client.request.find('\n');
    if (std::min(end, client.request.size()) >= options.max_request_bytes)
      client.answer = refusal(fail(errc::too_large, "the request is too long"));
    else if (end != std::string::npos)
      client.answer = answer(std::string_view{client.request}.substr(0, end));
  }

  static void write(connection& c) {
    const auto left = c.answer.size() - c.sent;
    const auto went = ::send(c.socket.get(), c.answer.data() + c.sent, left, MSG_NOSIGNAL);
    if (went < 0 && would_block())
      return;
    c.sent += went > 0 ? static_cast<std::size_t>(went) : 0;
    c.is_over = went < 0 || c.sent == c.answer.size();
  }

  std::string answer(std::string_view line) const {
    const auto request = json::parse(line, nullptr, false);
    if (!request.is_object() || !request.contains("do") || !request["do"].is_string())
      return refusal(fail(errc::bad_request, R"(a request is a line like {"do":"status"})"));
    const auto& word = request["do"].get_ref<const std::string&>();
    const auto handler = handlers.find(word);
    if (handler == handlers.end())
      return refusal(fail(errc::not_found, "this server knows no command " + word));
    try {
      const auto made = handler->second(request);
      return made ? line_of({{"answer", *made}}) : refusal(made.error());
    } catch (const std::exception& e) {
      return refusal(fail(errc::internal, e.what()));
    }
  }
};

bool is_own_or_root(uid_t peer) {
  return peer == 0 || peer == ::geteuid();
}

result<admin_server> admin_server::start(admin_options options, admin_handlers handlers) {
  auto p = std::make_unique<parts>();
  p->options = std::move(options);
  p->handlers = std::move(handlers);
  p->wake = unique_fd{::eventfd(0, EFD_CLOEXEC)};
  if (!p->wake)
    return fail_errno(errno, "eventfd");
  auto listening = listen_at(p->options.file, static_cast<int>(p->options.max_connections));
  if (!listening)
    return fail(listening.error());
  p->listening = std::move(*listening);
  p->thread = std::thread{[all = p.get()] {
    all->run();
  }};
  return admin_server{std::move(p)};
}

admin_server::admin_server(std::unique_ptr<parts> p) : parts_{std::move(p)} {}
admin_server::admin_server(admin_server&&) noexcept = default;
admin_server& admin_server::operator=(admin_server&&) noexcept = default;
admin_server::~admin_server() = default;

} // namespace mediad::command
