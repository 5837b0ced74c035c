#pragma once

#include <span>
#include <string_view>

/// The page of `GET /`, built from web/src and held inside the program.
namespace mediad::web {

/// One file of the page. Everything points into the program and lives as long as it.
struct asset {
  std::string_view path;       ///< Path as requested: `/`, `/app.4F2K….js`.
  std::string_view media_type; ///< Ready for Content-Type.
  std::string_view bytes;
  std::string_view etag; ///< Strong, with its quotes.
  bool immutable;        ///< The name changes with the bytes: may be cached for ever.
};

/// All of them, ordered by path.
std::span<const asset> assets();

/// The file of exactly this path, or nullptr.
const asset* find_asset(std::string_view path);

} // namespace mediad::web
