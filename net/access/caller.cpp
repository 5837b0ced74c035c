#include "net/access/caller.hpp"

#include <array>

namespace mediad::net {

namespace {

constexpr std::array words{"upload", "read", "write", "delete", "share", "admin"};
constexpr auto last = static_cast<unsigned>(right::admin);
static_assert(words.size() == last + 1);

} // namespace

std::string_view to_string(right r) {
  return words.at(static_cast<std::size_t>(r));
}

std::string to_string(rights some) {
  std::string out;
  for (unsigned i = 0; i <= last; ++i) {
    const auto r = static_cast<right>(i);
    if (some.has(r))
      out.append(out.empty() ? "" : ", ").append(to_string(r));
  }
  return out;
}

std::optional<right> parse_right(std::string_view word) {
  for (unsigned i = 0; i <= last; ++i)
    if (words.at(i) == word)
      return static_cast<right>(i);
  return std::nullopt;
}

} // namespace mediad::net
