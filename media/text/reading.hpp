#pragma once

#include <cstddef>
#include <string_view>

namespace mediad::media {

/// How a text reads that was decoded by a guess.
struct reading {
  std::size_t characters = 0;
  std::size_t lines = 0;
  std::size_t breaks = 0;   ///< What ends words: spaces, ends of lines, the stops of East Asia.
  std::size_t odd = 0;      ///< Controls that no text has.
  std::size_t broken = 0;   ///< What could not be decoded.
  std::size_t nuls = 0;     ///< They are not among the odd ones.
  std::size_t nul_runs = 0; ///< A crash leaves them in a log, one run for what was lost.
  std::size_t moves = 0;    ///< Controls of terminals and printers: bell, backspace, escape …
  std::size_t foreign = 0;  ///< Beyond ASCII.
  double fitting = 0;       ///< Those of them that stand where a writer would put them …
  double clashing = 0;      ///< … and those that stand where none would.

  /// From 1, if all that is beyond ASCII fits, to -1.
  double plausibility() const {
    const auto judged = fitting + clashing;
    return judged == 0 ? 1 : (fitting - clashing) / judged;
  }
  reading& operator+=(const reading& other);
};

/// Reads @p text. A letter fits if its neighbours are of its script and no capital follows a small
/// letter; a sign clashes in the middle of a word. That tells a wrong guess in any language.
reading read_text(std::u16string_view text);

} // namespace mediad::media
