#include "base/folder_right.hpp"

#include "base/enum_words.hpp"

namespace mediad {

namespace {

constexpr std::array<std::string_view, 4> words{"view", "add", "edit", "own"};

} // namespace

std::string_view to_string(folder_right r) {
  return word_of(words, r);
}

std::optional<folder_right> parse_folder_right(std::string_view word) {
  const auto known = value_of<folder_right>(words, word);
  return known == folder_right::own ? std::nullopt : known;
}

} // namespace mediad
