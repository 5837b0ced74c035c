#include "media/text/guess.hpp"

#include "media/text/decoder.hpp"
#include "media/text/east_asian.hpp"
#include "media/text/rare_charsets.hpp"
#include "media/text/reading.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <uchardet/uchardet.h>
#include <vector>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

using charsets = std::vector<std::string>;

struct mark {
  std::string_view bytes;
  std::string_view charset;
};

// The longer one first: the mark of UTF-16 begins that of UTF-32.
constexpr std::array marks{
  mark{"\xEF\xBB\xBF"sv, "UTF-8"},    mark{"\xFF\xFE\0\0"sv, "UTF-32LE"},
  mark{"\0\0\xFE\xFF"sv, "UTF-32BE"}, mark{"\xFF\xFE"sv, "UTF-16LE"},
  mark{"\xFE\xFF"sv, "UTF-16BE"},     mark{"\x84\x31\x95\x33"sv, "GB18030"},
};

/// What the detector says, and the charsets that it may mean by that: the ones that contain it, and
/// those that differ from it in letters that it does not count. The first is preferred.
struct answer {
  std::string_view said;
  std::array<std::string_view, 3> meant;
};

constexpr std::array answers{
  answer{"ISO-8859-1", {"windows-1252", "ISO-8859-15"}},
  answer{"ISO-8859-15", {"windows-1252", "ISO-8859-15"}},
  answer{"WINDOWS-1252", {"windows-1252", "ISO-8859-15"}},
  answer{"ISO-8859-2", {"ISO-8859-2", "windows-1250"}},
  answer{"ISO-8859-16", {"windows-1250"}},
  answer{"ISO-8859-7", {"windows-1253", "ISO-8859-7", "x-mac-greek"}},
  answer{"ISO-8859-9", {"windows-1254"}},
  answer{"ISO-8859-8", {"windows-1255"}},
  answer{"ISO-8859-4", {"ISO-8859-4", "windows-1257"}},
  answer{"ISO-8859-13", {"windows-1257"}},
  answer{"TIS-620", {"windows-874"}},
  answer{"ISO-8859-11", {"windows-874"}},
  answer{"KOI8-R", {"KOI8-U"}},
  answer{"MAC-CYRILLIC", {"x-mac-cyrillic", "windows-1251"}},
  answer{"MAC-CENTRALEUROPE", {"x-mac-centraleurroman"}},
  answer{"UHC", {"windows-949"}},
  answer{"CP949", {"windows-949"}},
  answer{"EUC-KR", {"windows-949"}},
  answer{"BIG5", {"Big5", "Big5-HKSCS"}},
};

// Those of DOS, of which the detector knows but few, and of Macintoshes, in order of use.
constexpr std::array rest{"windows-1252"sv, "windows-1250"sv, "ISO-8859-2"sv,    "IBM850"sv,
                          "IBM437"sv,       "IBM852"sv,       "IBM857"sv,        "IBM737"sv,
                          "IBM862"sv,       "IBM775"sv,       "IBM866"sv,        "macintosh"sv,
                          "IBM869"sv,       "IBM860"sv,       "IBM861"sv,        "IBM863"sv,
                          "IBM720"sv,       "IBM864"sv,       "x-mac-turkish"sv, "x-mac-greek"sv};

// What the detector says of texts that are too short for it.
constexpr std::array unsure{
  ""sv,           "WINDOWS-1252"sv, "ISO-8859-1"sv,   "ISO-8859-15"sv,
  "ISO-8859-7"sv, "WINDOWS-1250"sv, "WINDOWS-1258"sv, "MAC-CENTRALEUROPE"sv,
  "IBM852"sv,     "ISO-8859-2"sv};

constexpr std::array dos_charsets{"IBM437"sv, "IBM850"sv, "IBM857"sv, "IBM852"sv,
                                  "IBM866"sv, "IBM737"sv, "IBM862"sv, "IBM775"sv};

unsigned byte_of(char c) {
  return static_cast<unsigned char>(c);
}

// How long the UTF-8 sequence at the start of @p bytes is (RFC 3629); 0 if it is none.
std::size_t sequence_at(std::string_view bytes) {
  const auto lead = byte_of(bytes.front());
  const std::size_t length = lead < 0x80                  ? 1
                             : lead < 0xC2 || lead > 0xF4 ? 0
                             : lead < 0xE0                ? 2
                             : lead < 0xF0                ? 3
                                                          : 4;
  for (std::size_t i = 1; i < std::min(length, bytes.size()); ++i)
    if ((byte_of(bytes[i]) & 0xC0U) != 0x80)
      return 0;
  return length;
}

// One slip does not make a text another encoding: the majority of its longer characters decides.
bool looks_utf8(std::string_view sample) {
  std::size_t good = 0;
  std::size_t bad = 0;
  while (!sample.empty()) {
    const auto length = sequence_at(sample);
    good += length > 1 ? 1 : 0;
    bad += length == 0 ? 1 : 0;
    sample.remove_prefix(std::min(std::max<std::size_t>(1, length), sample.size()));
  }
  return bad == 0 || good > bad;
}

// Whether bytes, of which @p strange are no printable ASCII, are the text that @p read is. Pairs of
// letters of ASCII make Chinese characters as good as any, which is no reason to read them so.
bool reads_wide(const reading& read, std::size_t strange, std::size_t bytes) {
  constexpr std::size_t few = 20;
  constexpr double reads_as_text = 0.8;
  const auto plain = read.characters - read.foreign;
  return read.characters > 0 && (read.odd + read.nuls + read.broken) * few <= read.characters
         && read.plausibility() > reads_as_text
         && (plain * 2 > read.characters || strange * 5 > bytes);
}

// Text of two or four bytes for each character has zeros in those of spaces and ends of lines, or
// else the kana and full stops of East Asia, whose bytes are no text by themselves.
std::string wide_without_mark(std::string_view sample) {
  const auto zeros = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), '\0'));
  const auto strange =
    static_cast<std::size_t>(std::count_if(sample.begin(), sample.end(), [](char c) {
      return byte_of(c) >= 0x7F || (byte_of(c) < 0x20 && c != '\0' && c != '\n' && c != '\r');
    }));
  std::string best;
  double most = 0;
  for (const auto* charset : {"UTF-32LE", "UTF-32BE", "UTF-16LE", "UTF-16BE"}) {
    // Of the bytes of a picture or an archive, hardly any go together: their beginning shows it.
    constexpr std::size_t beginning = 256;
    if (read_text(decoded(sample.substr(0, beginning), charset)).plausibility() < 0)
      continue;
    const auto text = decoded(sample, charset);
    const auto read = read_text(text);
    const auto kana = static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char16_t c) { return c >= 0x3000 && c < 0x3100; }));
    if (!reads_wide(read, strange, sample.size() - zeros) || (zeros == 0 && kana * 5 < text.size()))
      continue;
    const auto plain = static_cast<double>(read.characters - read.foreign);
    const auto score = read.plausibility() + plain / static_cast<double>(read.characters);
    if (score > most) {
      most = score;
      best = charset;
    }
  }
  return best;
}

struct free_detector {
  void operator()(uchardet* detector) const noexcept {
    uchardet_delete(detector);
  }
};

std::string ask_detector(std::string_view sample) {
  const std::unique_ptr<uchardet, free_detector> detector{uchardet_new()};
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0)
    return {};
  uchardet_data_end(detector.get());
  return uchardet_get_charset(detector.get());
}

charsets meant_by(const std::string& said) {
  const auto* const known =
    std::find_if(answers.begin(), answers.end(), [&](const answer& a) { return a.said == said; });
  if (known == answers.end())
    return {!said.empty() && can_decode(said) ? said : "windows-1252"};
  charsets names;
  for (const auto name : known->meant)
    if (!name.empty())
      names.emplace_back(name);
  return names;
}

struct candidate {
  std::string charset;
  double plausibility = -1;
};

candidate best_of(const charsets& names, std::string_view sample) {
  candidate best;
  for (const auto& name : names)
    if (const auto now = read_text(decoded(sample, name)).plausibility();
        best.charset.empty() || now > best.plausibility)
      best = {name, now};
  return best;
}

// From the first letter beyond ASCII on, for the rest tells nothing; whole lines, if there are any.
std::string_view telling_part(std::string_view sample) {
  const auto first = first_foreign(sample);
  const auto line = sample.substr(0, first).rfind('\n');
  return sample.substr(line == std::string_view::npos ? 0 : line + 1, max_guessed_bytes);
}

// ISO 2022 (and HZ) change their letters by sequences of ASCII. So do terminals, and braces stand
// in code: only text that such a charset decodes as a whole is in it.
std::string shifting_charset(std::string_view sample) {
  if (sample.find("\x1B$"sv) == std::string_view::npos
      && sample.find("\x1B("sv) == std::string_view::npos
      && sample.find("~{"sv) == std::string_view::npos
      && sample.find('\x0E') == std::string_view::npos)
    return {};
  auto said = ask_detector(sample.substr(0, max_guessed_bytes));
  if (!said.starts_with("ISO-2022") && !said.starts_with("HZ")) {
    // The detector does not hear of GB 2312 and ISO-IR-165 (RFC 1922, 4).
    if (sample.find("\x1B$)A"sv) == std::string_view::npos
        && sample.find("\x1B$)E"sv) == std::string_view::npos)
      return {};
    said = "ISO-2022-CN";
  }
  const auto read = read_text(decoded(sample.substr(0, max_guessed_bytes), said));
  return read.foreign > 0 && read.odd + read.broken <= 1 ? said : std::string{};
}

constexpr double reads_well = 0.75;
constexpr double clearly_better = 0.2;

// Tells bytes that are no text. The detector would take a while for them, so it is not asked.
bool is_hopeless(std::string_view part) {
  constexpr std::size_t one_in = 50;
  const auto controls = std::count_if(part.begin(), part.end(), [](char c) {
    return (byte_of(c) < 7 && c != '\0') || (byte_of(c) > 0x0D && byte_of(c) < 0x1A);
  });
  return static_cast<std::size_t>(controls) * one_in > part.size() + one_in;
}

std::string guess_by_letters(std::string_view part) {
  if (is_hopeless(part))
    return "windows-1252";
  auto names = meant_by(ask_detector(part));
  if (names.front() == "windows-1252" && may_be_small_katakana(part))
    names.emplace_back("windows-31j");
  const auto best = best_of(names, part);
  if (best.plausibility >= reads_well)
    return by_words(best.charset, part);
  const auto other = best_of({rest.begin(), rest.end()}, part);
  const bool is_better = other.plausibility > best.plausibility + clearly_better;
  return by_words(is_better ? other.charset : best.charset, part);
}

} // namespace

std::size_t first_foreign(std::string_view bytes) {
  const auto* const found =
    std::find_if(bytes.begin(), bytes.end(), [](char c) { return byte_of(c) >= 0x80; });
  return static_cast<std::size_t>(found - bytes.begin());
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = sequence_at(text);
    if (length == 0 || length > text.size())
      return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_wide(std::string_view charset) {
  return charset.starts_with("UTF-16") || charset.starts_with("UTF-32");
}

std::string guess_charset(std::string_view sample) {
  for (const auto& known : marks)
    if (sample.starts_with(known.bytes))
      return std::string{known.charset};
  const bool is_ascii = first_foreign(sample) == sample.size();
  const bool has_zeros = sample.find('\0') != std::string_view::npos;
  const auto part = telling_part(sample);
  const bool may_be_utf8 = is_ascii || (!is_hopeless(part) && looks_utf8(part));
  constexpr std::size_t enough = 4096;
  if (is_ascii ? has_zeros : !may_be_utf8)
    if (auto wide = wide_without_mark(sample.substr(0, enough)); !wide.empty())
      return wide;
  if (is_ascii) {
    auto shifting = shifting_charset(sample);
    return shifting.empty() ? "UTF-8" : shifting;
  }
  return may_be_utf8 ? "UTF-8" : guess_by_letters(part);
}

std::string guess_charset_of_names(std::string_view names) {
  const auto part = names.substr(0, max_guessed_bytes);
  const auto said = ask_detector(part);
  if (std::find(unsure.begin(), unsure.end(), said) != unsure.end())
    if (auto east_asian = common_east_asian(part); !east_asian.empty())
      return east_asian;
  auto best = best_of(meant_by(said), part);
  // What is meant for western Europe is said of names that have a few foreign letters, of any kind.
  const bool is_western = best.charset == "windows-1252" || best.charset == "ISO-8859-15";
  const auto dos = best_of({dos_charsets.begin(), dos_charsets.end()}, part);
  const bool is_dos_as_good = is_western && dos.plausibility >= best.plausibility;
  const bool is_dos_better = dos.plausibility > best.plausibility + clearly_better;
  return is_dos_as_good || is_dos_better ? dos.charset : best.charset;
}

} // namespace mediad::media
