#include "net/access/caller.hpp"

#include <array>

namespace mediad::net {

namespace {

constexpr std::array words{"upload", "read", "write", "delete", "share", "admin"};
static_assert(words.size() == each_right.size());

} // namespace

std::string_view to_string(right r) {
  return words.at(static_cast<std::size_t>(r));
}

std::string to_string(rights some) {
  std::string out;
  for (const auto r : each_right)
    if (some.has(r))
      out.append(out.empty() ? "" : ", ").append(to_string(r));
  return out;
}

folder_right folder_right_of(rights needs) {
  if (needs.has(right::read))
    return folder_right::view;
  if (needs.has_any_of({right::write, right::remove}))
    return folder_right::edit;
  return needs.has(right::upload) ? folder_right::add : folder_right::own;
}

std::optional<right> parse_right(std::string_view word) {
  for (const auto r : each_right)
    if (to_string(r) == word)
      return r;
  return std::nullopt;
}

} // namespace mediad::net
