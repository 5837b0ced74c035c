#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cerrno>
#include <map>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mediad::tests {

/// An answer as it came; names of fields in lower case.
struct http_answer {
  int status = 0;
  std::map<std::string, std::string> fields;
  std::string body;

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

/// A blocking HTTP/1.1 client that sends exactly what it is told, right or wrong, and shares no
/// code with the server. Waits 10 s at most; then, and when an answer is malformed, it throws.
class http_client {
public:
  /// @param address  `127.0.0.1:1234`
  explicit http_client(const std::string& address) {
    const auto colon = address.rfind(':');
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    if (::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr) != 1)
      throw std::runtime_error{"no address: " + address};
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::system_error{errno, std::generic_category(), "connect"};
  }
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;
  ~http_client() {
    ::close(fd_);
  }

  /// @returns false if the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0)
        return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void finish_sending() {
    ::shutdown(fd_, SHUT_WR);
  }

  /// The next answer, also an interim one (1xx).
  /// @param head_only  of a HEAD request: there is no body, whatever its length is.
  http_answer read(bool head_only = false) {
    http_answer a = read_head();
    const bool bodiless = head_only || a.status < 200 || a.status == 204 || a.status == 304;
    if (bodiless)
      return a;
    if (a.fields.count("content-length") == 0) {
      while (fill()) {
      }
      a.body = std::exchange(early_, {});
      return a;
    }
    const auto size = std::stoul(a.fields["content-length"]);
    while (early_.size() < size)
      if (!fill())
        throw std::runtime_error{"the body broke off"};
    a.body = early_.substr(0, size);
    early_.erase(0, size);
    return a;
  }

  /// True if the next read() would not wait.
  bool has_answer() {
    pollfd p{fd_, POLLIN, 0};
    return !early_.empty() || ::poll(&p, 1, 0) > 0;
  }

  /// A request with a body of known length.
  http_answer ask(const std::string& method, const std::string& target,
                  const std::string& body = "", const std::string& fields = "") {
    std::string all = method + ' ' + target + " HTTP/1.1\r\nHost: mediad.test\r\n" + fields;
    if (!body.empty() || method == "POST")
      all += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(all + "\r\n" + body);
    return read(method == "HEAD");
  }

  /// True if the server ends the connection without another byte.
  bool is_closed() {
    return early_.empty() && !fill();
  }

private:
  http_answer read_head() {
    for (;;) {
      const auto end = early_.find("\r\n\r\n");
      if (end != std::string::npos) {
        auto a = parse(early_.substr(0, end + 2));
        early_.erase(0, end + 4);
        return a;
      }
      if (!fill())
        throw std::runtime_error{"no answer, but: " + early_};
    }
  }

  static http_answer parse(std::string_view head) {
    http_answer a;
    if (!head.starts_with("HTTP/1.1 "))
      throw std::runtime_error{"not HTTP: " + std::string{head}};
    a.status = std::stoi(std::string{head.substr(9, 3)});
    for (auto at = head.find("\r\n") + 2; at < head.size(); at = head.find("\r\n", at) + 2) {
      const auto line = head.substr(at, head.find("\r\n", at) - at);
      const auto colon = line.find(": ");
      if (colon == std::string_view::npos)
        throw std::runtime_error{"not a field: " + std::string{line}};
      std::string name{line.substr(0, colon)};
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      a.fields[name] = line.substr(colon + 2);
    }
    return a;
  }

  /// @returns false at the end of the connection.
  bool fill() {
    char bytes[16 * 1024];
    const auto n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n < 0 && errno != ECONNRESET)
      throw std::system_error{errno, std::generic_category(), "recv"};
    if (n > 0)
      early_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }

  int fd_ = -1;
  std::string early_; ///< Read, but not used yet.
};

} // namespace mediad::tests
