#include "media/text/reading.hpp"

#include <cstdint>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

namespace mediad::media {
namespace {

constexpr UChar32 substitute = 0x1A; // ends a file of CP/M and DOS, and may fill its last block

bool is_move(UChar32 c) {
  return c == 0x07 || c == 0x08 || c == 0x0B || c == 0x1B;
}

bool is_odd(UChar32 c) {
  return (c < 0x20 && !is_move(c) && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7F
         || U_IS_UNICODE_NONCHAR(c) || U_IS_SURROGATE(c);
}

// Accents that stand alone, the ordinal indicators and the florin sign: some of them are letters to
// Unicode, but signs to a writer.
bool is_lone_mark(UChar32 c) {
  return (c >= 0x2B0 && c <= 0x2FF) || c == 0xA8 || c == 0xAF || c == 0xB4 || c == 0xB8
         || c == 0x192 || c == 0x2020 || c == 0x2021;
}

bool is_letter(UChar32 c) {
  return c != 0xAA && c != 0xBA && !is_lone_mark(c)
         && (u_isalpha(c) != 0 || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0);
}

bool is_cjk_sign(UChar32 c) {
  return (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF01 && c <= 0xFF20) || c == 0x30FB || c == 0x30FC;
}

bool is_drawing(UChar32 c) {
  return c >= 0x2500 && c <= 0x259F;
}

// Signs that words have inside: apostrophes, dashes, ellipsis, soft hyphen, no-break space, dots.
bool is_within_words(UChar32 c) {
  return (c >= 0x2010 && c <= 0x2019) || c == 0x2026 || c == 0xAD || c == 0xA0 || c == 0xB7
         || (c >= 0x200B && c <= 0x200F);
}

// A letter, or a sign that no writer would set beside one.
bool is_in_word(UChar32 c) {
  return is_letter(c)
         || (c >= 0x80 && !is_within_words(c) && !is_cjk_sign(c) && u_isspace(c) == 0
             && (c < 0x2018 || c > 0x203A));
}

// Quotes that only open, and a space that keeps a word from the next one.
bool is_misplaced(UChar32 before, UChar32 c, UChar32 after) {
  if (c == 0x201A || c == 0x201E)
    return is_letter(before);
  return c == 0xA0 && is_letter(before) && (after == ',' || after == '.' || after == '\n');
}

// Places that are empty in Unicode, or that each program fills as it likes.
bool is_no_character(UChar32 c) {
  const auto type = u_charType(c);
  return is_odd(c) || c == 0xFFFD || (c >= 0x80 && c < 0xA0) || type == U_UNASSIGNED
         || type == U_PRIVATE_USE_CHAR;
}

// Scripts that share words count as one. 0: the mark takes the script of its letter.
int script_of(UChar32 letter) {
  if (letter < 0x80)
    return USCRIPT_LATIN;
  UErrorCode failed = U_ZERO_ERROR;
  const auto script = uscript_getScript(letter, &failed);
  switch (script) {
  case USCRIPT_HIRAGANA:
  case USCRIPT_KATAKANA:
  case USCRIPT_HANGUL:
  case USCRIPT_BOPOMOFO: return USCRIPT_HAN;
  case USCRIPT_COMMON:
  case USCRIPT_INHERITED: return 0;
  default: return script;
  }
}

bool is_of_other_script(int script, UChar32 neighbour) {
  if (!is_letter(neighbour))
    return false;
  const auto its = script_of(neighbour);
  return its != 0 && its != script;
}

bool letter_fits(UChar32 before, UChar32 letter, UChar32 after) {
  const auto script = script_of(letter);
  if (script != 0) {
    const bool clash_before = is_of_other_script(script, before);
    const bool clash_after = is_of_other_script(script, after);
    if (clash_before && clash_after)
      return false;
    // A Chinese sentence does not set an English word apart.
    if ((clash_before || clash_after) && script != USCRIPT_HAN
        && script_of(clash_before ? before : after) != USCRIPT_HAN)
      return false;
  }
  if (u_isupper(letter) != 0)
    return u_islower(before) == 0;
  return !(u_islower(letter) != 0 && u_isupper(before) != 0 && u_isupper(after) != 0);
}

// How many letters beyond ASCII a language of Latin letters has in a row, as in "zażółć".
constexpr std::size_t max_accents = 4;

// @param run how many letters beyond ASCII stand before this one.
void judge(reading& all, UChar32 before, UChar32 letter, UChar32 after, std::size_t run) {
  constexpr double weight_of_none = 2;
  if (is_no_character(letter)) {
    all.clashing += weight_of_none;
  } else if (is_letter(letter)) {
    const bool is_too_long = run >= max_accents && script_of(letter) == USCRIPT_LATIN;
    (letter_fits(before, letter, after) && !is_too_long ? all.fitting : all.clashing) += 1;
  } else if (is_cjk_sign(letter)) {
    const bool in_latin_word =
      before < 0x80 && after < 0x80 && is_letter(before) && is_letter(after);
    (in_latin_word ? all.clashing : all.fitting) += 1;
  } else if (is_drawing(letter)) {
    const bool at_letter = is_letter(before) || is_letter(after);
    (at_letter ? all.clashing : all.fitting) += 1;
  } else if (letter == 0xA4) {
    all.clashing += 1; // the sign of no currency
  } else if (is_lone_mark(letter)) {
    all.clashing += is_in_word(before) || is_in_word(after) ? 1 : 0;
  } else if (is_misplaced(before, letter, after)
             || (is_in_word(before) && is_in_word(after) && !is_within_words(letter))) {
    all.clashing += 1;
  }
}

} // namespace

reading& reading::operator+=(const reading& other) {
  characters += other.characters;
  lines += other.lines;
  breaks += other.breaks;
  odd += other.odd;
  broken += other.broken;
  nuls += other.nuls;
  nul_runs += other.nul_runs;
  moves += other.moves;
  foreign += other.foreign;
  fitting += other.fitting;
  clashing += other.clashing;
  return *this;
}

reading read_text(std::u16string_view text) {
  reading all;
  const auto length = static_cast<int32_t>(text.size());
  UChar32 before = '\n';
  UChar32 c = '\n';
  std::size_t run = 0;
  int32_t at = 0;
  if (length > 0)
    U16_NEXT(text.data(), at, length, c);
  for (bool is_last = length == 0; !is_last;) {
    UChar32 after = '\n';
    is_last = at >= length;
    if (!is_last)
      U16_NEXT(text.data(), at, length, after);
    ++all.characters;
    all.lines += c == '\n' ? 1 : 0;
    all.breaks += c == ' ' || c == '\n' || c == '\r' || c == '\t' || is_cjk_sign(c) ? 1 : 0;
    all.broken += c == 0xFFFD ? 1 : 0;
    all.moves += is_move(c) ? 1 : 0;
    if (c == 0) {
      ++all.nuls;
      all.nul_runs += before != 0 ? 1 : 0;
    } else if (is_odd(c)) {
      all.odd += c == substitute && before == substitute ? 0 : 1;
    }
    if (c >= 0x80) {
      ++all.foreign;
      judge(all, before, c, after, run);
    }
    run = c >= 0x80 && is_letter(c) ? run + 1 : 0;
    before = c;
    c = after;
  }
  return all;
}

} // namespace mediad::media
