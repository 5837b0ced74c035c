#include "base/types.hpp"

#include "base/enum_words.hpp"

#include <array>
#include <cstddef>

namespace mediad {
namespace {

// Each table is in the order of its enum, which counts from 1.
constexpr std::array<std::string_view, 5> profiles{"other", "image", "video", "audio", "document"};
constexpr std::array<std::string_view, 6> statuses{"receiving", "registered", "processing",
                                                   "ready",     "failed",     "cancelled"};
constexpr std::array<std::string_view, 8> stages{
  "", "preview", "renditions", "compress", "screenshots", "pages", "text", "archive"};

} // namespace

std::string_view to_string(profile p) {
  return word_of(profiles, p);
}

std::string_view to_string(status s) {
  return word_of(statuses, s);
}

std::string_view to_string(stage s) {
  return word_of(stages, s);
}

std::string_view to_string(damage d) {
  constexpr std::array<std::string_view, 4> words{"none", "missing", "cut short", "changed"};
  return words.at(static_cast<std::size_t>(d));
}

std::optional<profile> parse_profile(std::string_view word) {
  return value_of<profile>(profiles, word);
}

std::optional<status> parse_status(std::string_view word) {
  return value_of<status>(statuses, word);
}

std::optional<stage> parse_stage(std::string_view word) {
  return value_of<stage>(stages, word);
}

} // namespace mediad
