#pragma once

#include "media/document/office/package.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mediad::media::office {

/// The words in the parts of an office file, as plain text: a line for each paragraph, a tab
/// between cells, and none of what is not shown (deleted text, the fallback of newer parts, notes
/// of slides).
class words {
public:
  /// @param max_bytes no more than this is kept.
  explicit words(std::uint64_t max_bytes) : max_bytes_{max_bytes} {}

  /// Adds the words of Office Open XML.
  void add(package& file, const std::string& part);
  /// Adds the words of OpenDocument. @param within only those inside of elements of this name.
  void add_open(package& file, const std::string& part, std::string_view within = {});
  /// A form feed before what comes next, if anything came before.
  void end_page();

  bool is_full() const {
    return text_.size() > max_bytes_;
  }
  /// The text; longer than max_bytes if there was more.
  std::string take() &&;

private:
  void begin(const element& now);
  void begin_open(const element& now);
  void end(const std::string& name);
  void write(std::string_view text);
  void write_spaced(std::string_view text);
  void put(std::string_view text);
  void end_with(char separator);

  std::uint64_t max_bytes_;
  std::string text_;
  char pending_ = 0;         // stands between what is written and what comes
  std::size_t skipped_ = 0;  // elements that are open inside of one that is not shown
  std::size_t within_ = 0;   // elements that are open of those whose words are wanted
  std::size_t in_words_ = 0; // the same of those whose text is words
  bool after_space_ = true;  // OpenDocument 1.3 part 3, 6.1.2: spaces count as one
};

} // namespace mediad::media::office
