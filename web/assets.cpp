#include "web/assets.hpp"

#include <algorithm>

namespace mediad::web {

const asset* find_asset(std::string_view path) {
  const auto all = assets();
  const auto found = std::ranges::lower_bound(all, path, {}, &asset::path);
  return found != all.end() && found->path == path ? &*found : nullptr;
}

} // namespace mediad::web
