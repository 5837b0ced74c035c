#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mediad {

/// Which processor a file needs; decided from its bytes, never from its name.
enum class profile : std::uint8_t { other = 1, image, video, audio, document };

/// Whether @p p is in a set of profiles.
/// @param some  bit n stands for the profile n; 0: any.
constexpr bool is_among(profile p, std::uint64_t some) {
  return some == 0 || ((some >> static_cast<unsigned>(p)) & 1U) != 0;
}

/// Where a file stands. It never goes back, with two exceptions: a user's retry of a failed file,
/// and a file of which the disk has lost what was made of it.
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

/// What the disk has done to the only copy of a file.
enum class damage : std::uint8_t { none, missing, cut, changed };

constexpr bool is_terminal(status s) {
  return s == status::ready || s == status::failed || s == status::cancelled;
}

std::string_view to_string(profile p);
std::string_view to_string(status s);
std::string_view to_string(stage s);
/// A word for people.
std::string_view to_string(damage d);

/// The inverse of to_string; empty for a word that is none of them.
std::optional<profile> parse_profile(std::string_view word);
std::optional<status> parse_status(std::string_view word);
std::optional<stage> parse_stage(std::string_view word);

} // namespace mediad
