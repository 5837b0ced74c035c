#include "net/files/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace mediad::net {

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max) {
  std::uint32_t n = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, n);
  if (stop != end || text.empty() || problem == std::errc::invalid_argument)
    return std::nullopt;
  return problem == std::errc{} ? std::min(n, max) : max;
}

std::optional<std::size_t> read_limit(const exchange& x) {
  constexpr std::size_t usual_page = 50;
  constexpr std::uint32_t longest_page = 500;
  const auto text = x.query("limit");
  if (!text)
    return usual_page;
  const auto n = parse_number(*text, longest_page + 1);
  if (!n || *n == 0 || *n > longest_page)
    return std::nullopt;
  return std::size_t{*n};
}

asio::awaitable<void> refuse_parameter(exchange& x, wrong_parameter wrong) {
  auto sentence = "The parameter `" + std::string{wrong.name} + "` must be ";
  sentence.append(wrong.rule).append(".");
  co_await x.send_problem(problem_of(errc::bad_request), std::move(sentence));
}

} // namespace mediad::net
