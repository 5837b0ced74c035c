#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mediad {

/// Which processor a file needs; decided from its bytes, never from its name.
enum class profile : std::uint8_t { other = 1, image, video, audio, document };

/// Where a file stands. It never goes back; a user's retry of a failed file is the one exception.
enum class status : std::uint8_t {
  receiving = 1,
  registered,
  processing,
  ready,
  failed,
  cancelled
};

/// What a processing file is going through.
enum class stage : std::uint8_t {
  none = 1,
  preview,
  renditions,
  compress,
  screenshots,
  pages,
  text,
  archive
};

constexpr bool is_terminal(status s) {
  return s == status::ready || s == status::failed || s == status::cancelled;
}

std::string_view to_string(profile p);
std::string_view to_string(status s);
std::string_view to_string(stage s);

/// The inverse of to_string; empty for a word that is none of them.
std::optional<profile> parse_profile(std::string_view word);
std::optional<status> parse_status(std::string_view word);
std::optional<stage> parse_stage(std::string_view word);

} // namespace mediad
