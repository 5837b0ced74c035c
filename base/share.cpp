#include "base/share.hpp"

#include <array>
#include <utility>

namespace mediad {

namespace {

constexpr std::array<std::pair<share_allow, std::string_view>, 3> words{
  {{share_allow::view, "view"},
   {share_allow::download, "download"},
   {share_allow::upload, "upload"}}};

} // namespace

std::string_view to_string(share_allow a) {
  for (const auto& [value, word] : words)
    if (value == a)
      return word;
  return {};
}

std::optional<share_allow> parse_share_allow(std::string_view word) {
  for (const auto& [value, known] : words)
    if (known == word)
      return value;
  return std::nullopt;
}

share_row without_secrets(share_row share) {
  share.digest.clear();
  if (!share.password.empty())
    share.password = "*";
  return share;
}

} // namespace mediad
