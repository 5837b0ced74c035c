#include "media/identify/sniffers.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

unsigned char byte_of(char c) {
  return static_cast<unsigned char>(c);
}

bool is_control(unsigned c) {
  constexpr unsigned escape = 0x1B; // terminal logs are text
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != escape) || c == 0x7F;
}

// The length of the UTF-8 sequence that begins with @p lead (RFC 3629); 0 if none does.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return 2;
  if (lead >= 0xE0 && lead <= 0xEF)
    return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

// @param is_cut the piece was taken out of the middle of a file: its ends may be torn.
bool is_utf8(std::string_view text, bool is_cut) {
  std::size_t at = 0;
  while (is_cut && at < std::min<std::size_t>(3, text.size())
         && (byte_of(text[at]) & 0xC0U) == 0x80)
    ++at;
  while (at < text.size()) {
    const auto length = sequence_length(byte_of(text[at]));
    if (length == 0 || (length == 1 && is_control(byte_of(text[at]))))
      return false;
    if (length > text.size() - at)
      return is_cut;
    for (std::size_t i = 1; i < length; ++i)
      if ((byte_of(text[at + i]) & 0xC0U) != 0x80)
        return false;
    at += length;
  }
  return true;
}

// Any byte above 0x7F may be a letter in some old table: that counts as text if most of the rest is
// plain.
bool is_latin(std::string_view text) {
  std::size_t foreign = 0;
  for (const auto c : text) {
    if (is_control(byte_of(c)))
      return false;
    foreign += byte_of(c) >= 0x80 ? 1 : 0;
  }
  constexpr std::size_t one_in = 3;
  return foreign * one_in <= text.size();
}

// Whether this is UTF-16 with a byte order mark. Bytes that are not text are full of control
// characters.
bool is_utf16(std::string_view text) {
  const bool is_little = text.starts_with("\xFF\xFE"sv);
  if (!is_little && !text.starts_with("\xFE\xFF"sv))
    return false;
  bool wants_low = false;
  for (std::size_t at = 2; at + 2 <= text.size(); at += 2) {
    const auto unit = is_little ? little_endian(text, at, 2) : big_endian(text, at, 2);
    const bool is_low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (is_low != wants_low || is_control(static_cast<unsigned>(unit)) || unit == 0xFFFE
        || unit == 0xFFFF)
      return false;
    wants_low = unit >= 0xD800 && unit <= 0xDBFF;
  }
  return text.size() > 2;
}

bool is_text(const file_bytes& file) {
  const auto head = file.head();
  if (is_utf16(head))
    return true;
  const bool is_cut = file.size() > head.size();
  bool utf8 = is_utf8(head, is_cut);
  bool latin = is_latin(head);
  if (is_cut) // a program behind a script's first lines shows further down
    for (const auto at : {file.size() / 2, file.size() - file_bytes::max_piece}) {
      const auto piece = file.read(at, file_bytes::max_piece);
      utf8 = utf8 && is_utf8(piece, true);
      latin = latin && is_latin(piece);
    }
  return utf8 || latin;
}

std::vector<std::string_view> first_lines(std::string_view text, bool is_cut) {
  constexpr std::size_t max_lines = 50;
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < max_lines) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos && is_cut)
      break; // half a line says nothing
    auto line = text.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (!line.empty())
      lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::size_t count_outside_quotes(std::string_view line, char delimiter) {
  std::size_t count = 0;
  bool quoted = false;
  for (const auto c : line) {
    quoted = quoted != (c == '"');
    count += !quoted && c == delimiter ? 1 : 0;
  }
  return count;
}

// A table has the same number of fields in every line. Code ends its lines with the same sign, and
// sentences have a space after a comma.
bool is_table(const std::vector<std::string_view>& lines, char delimiter) {
  const auto count = count_outside_quotes(lines.front(), delimiter);
  if (count == 0)
    return false;
  bool all_end_with_it = true;
  bool all_spaced = true;
  for (const auto line : lines) {
    if (count_outside_quotes(line, delimiter) != count)
      return false;
    all_end_with_it = all_end_with_it && line.ends_with(delimiter);
    const auto at = line.find(delimiter);
    all_spaced = all_spaced && at + 1 < line.size() && line[at + 1] == ' ';
  }
  constexpr std::size_t surely_a_table = 3;
  return !(all_end_with_it && count == 1) && !(all_spaced && lines.size() < surely_a_table);
}

std::string_view text_type(std::string_view head, bool is_cut) {
  if (head.starts_with("\xEF\xBB\xBF"))
    head.remove_prefix(3);
  const auto lines = first_lines(head, is_cut);
  if (lines.size() < 2 || "{[<#"sv.find(lines.front().front()) != std::string_view::npos)
    return "text/plain";
  if (is_table(lines, '\t'))
    return "text/tab-separated-values";
  for (const auto delimiter : {',', ';', '|'})
    if (is_table(lines, delimiter))
      return "text/csv";
  return "text/plain";
}

} // namespace

bool is_svg(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF"))
    head.remove_prefix(3);
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
  // Before its root element stand at most a declaration, a document type and comments.
  constexpr std::size_t prologue_bytes = 4096;
  return head.starts_with("<svg")
         || ((head.starts_with("<?xml") || head.starts_with("<!"))
             && head.substr(0, prologue_bytes).find("<svg") != std::string_view::npos);
}

std::optional<identity> sniff_text(const file_bytes& file) {
  if (file.size() == 0 || !is_text(file))
    return std::nullopt;
  if (is_svg(file.head()))
    return identity{profile::image, "image/svg+xml"};
  return identity{profile::document,
                  std::string{text_type(file.head(), file.size() > file.head().size())}};
}

} // namespace mediad::media
