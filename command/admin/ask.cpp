#include "command/admin/ask.hpp"

#include "command/admin/local_socket.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <string>
#include <sys/socket.h>

namespace mediad::command {

namespace {

using nlohmann::json;

// Far more than any answer; what says more is no server of ours.
constexpr std::size_t max_answer_bytes = std::size_t{16} << 20U;

error broken(const char* what) {
  return errno == EAGAIN ? fail(errc::timeout, "the server does not answer in time")
                         : fail_errno(errno, what);
}

result<std::string> exchange_lines(int socket, std::string_view line) {
  while (!line.empty()) {
    const auto went = ::send(socket, line.data(), line.size(), MSG_NOSIGNAL);
    // A server that refuses need not hear the whole line: what it says comes all the same.
    if (went < 0 && (errno == EPIPE || errno == ECONNRESET))
      break;
    if (went < 0)
      return broken("ask the server");
    line.remove_prefix(static_cast<std::size_t>(went));
  }
  std::string answer;
  std::array<char, 4096> piece{};
  while (answer.find('\n') == std::string::npos && answer.size() < max_answer_bytes) {
    const auto got = ::recv(socket, piece.data(), piece.size(), 0);
    if (got < 0)
      return broken("hear the server");
    if (got == 0)
      return fail(errc::storage_io, "the server has ended the conversation");
    answer.append(piece.data(), static_cast<std::size_t>(got));
  }
  return answer;
}

errc code_of(const std::string& word) {
  if (word == "forbidden")
    return errc::conflict;
  for (auto code = errc::bad_request; code != errc::internal;
       code = static_cast<errc>(static_cast<int>(code) + 1))
    if (to_string(code) == word)
      return code;
  return errc::internal;
}

} // namespace

result<bool> finds_server(const std::filesystem::path& root) {
  const auto socket = connect_to(admin_socket_of(root));
  if (!socket && socket.error().code != errc::not_found)
    return fail(socket.error());
  return socket.has_value();
}

result<json> ask_server(const std::filesystem::path& root, const json& request) {
  const auto socket = connect_to(admin_socket_of(root));
  if (!socket)
    return fail(socket.error());
  const auto line = exchange_lines(socket->get(), request.dump() + '\n');
  if (!line)
    return fail(line.error());
  const auto said = json::parse(*line, nullptr, false);
  if (said.is_object() && said.contains("answer"))
    return result<json>{boost::system::in_place_value, said["answer"]};
  try {
    const auto& problem = said.at("error");
    return fail(code_of(problem.at("code").get<std::string>()),
                problem.at("detail").get<std::string>());
  } catch (const json::exception&) {
    return fail(errc::internal, "the server speaks another language: is it of another version?");
  }
}

} // namespace mediad::command
