#include "media/text/delimiters.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mediad::media {
namespace {

constexpr std::size_t max_rows = 100;
constexpr std::size_t max_titles = 10;

// A control that is dropped where the table is shown, such as the end mark of DOS.
bool is_odd(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

/// What one row shows, were it cut by a certain sign.
struct row {
  std::size_t bytes = 0;
  std::size_t cells = 1;
  std::size_t filled = 0; ///< Cells that hold anything.
  std::size_t spaced = 0; ///< Signs with a space after them, as in a sentence.
  bool begins_filled = false;
  bool ends_empty = true; ///< Nothing follows the last sign.
};

/// Cuts a text into rows, most of whose bytes need not be kept.
class row_scanner {
public:
  row_scanner(char separator, bool has_quotes) : separator_{separator}, has_quotes_{has_quotes} {}

  void scan(std::string_view text) {
    for (std::size_t i = 0; i < text.size() && rows_.size() < max_rows; ++i)
      in_quotes_ ? put_in_quotes(text, i) : put(text, i);
  }

  bool is_in_quotes() const {
    return in_quotes_;
  }

  std::vector<row> finish(bool is_cut) && {
    if (!is_cut && rows_.size() < max_rows)
      end_row();
    return std::move(rows_);
  }

private:
  void put(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (c == '\n' || c == '\r')
      return end_row();
    if (is_odd(c))
      return;
    is_empty_ = false;
    ++now_.bytes;
    if (c == separator_) {
      end_cell();
      ++now_.cells;
      now_.spaced += at + 1 < text.size() && text[at + 1] == ' ' ? 1 : 0;
    } else if (c == '"' && has_quotes_ && !cell_begun_) {
      in_quotes_ = true;
      cell_begun_ = true;
    } else {
      cell_begun_ = cell_begun_ || c != ' ';
    }
  }

  void put_in_quotes(std::string_view text, std::size_t& at) {
    if (text[at] != '"')
      return;
    if (at + 1 < text.size() && text[at + 1] == '"')
      ++at;
    else
      in_quotes_ = false;
  }

  void end_cell() {
    now_.filled += cell_begun_ ? 1 : 0;
    now_.begins_filled = now_.begins_filled || (now_.cells == 1 && cell_begun_);
    now_.ends_empty = !cell_begun_;
    cell_begun_ = false;
  }

  void end_row() {
    end_cell();
    if (!is_empty_)
      rows_.push_back(now_);
    now_ = {};
    is_empty_ = true;
  }

  char separator_;
  bool has_quotes_;
  std::vector<row> rows_;
  row now_;
  bool is_empty_ = true; ///< Nothing of this row was seen: it is an empty line.
  bool cell_begun_ = false;
  bool in_quotes_ = false;
};

std::vector<row> rows_by(std::string_view text, char separator, bool is_cut) {
  row_scanner scanner{separator, true};
  scanner.scan(text);
  if (!scanner.is_in_quotes() || is_cut)
    return std::move(scanner).finish(is_cut);
  row_scanner plain{separator, false}; // a quote that never ends is none
  plain.scan(text);
  return std::move(plain).finish(is_cut);
}

std::size_t count_of(const std::vector<row>& rows, std::size_t cells) {
  return static_cast<std::size_t>(
    std::count_if(rows.begin(), rows.end(), [&](const row& r) { return r.cells == cells; }));
}

// The number of cells that most rows have which have more than one; 1 if none has.
std::size_t usual_cells(const std::vector<row>& rows) {
  std::size_t usual = 1;
  std::size_t most = 0;
  for (const auto& r : rows)
    if (const auto count = r.cells > 1 ? count_of(rows, r.cells) : 0; count > most) {
      most = count;
      usual = r.cells;
    }
  return usual;
}

enum class verdict : std::uint8_t { no, ragged, even };

// Drops the rows above the first one that is as long as most: a title, and who made it.
void drop_titles(std::vector<row>& rows, std::size_t usual) {
  const auto first =
    std::find_if(rows.begin(), rows.end(), [&](const row& r) { return r.cells == usual; });
  constexpr std::size_t max_filled = 2;
  const bool are_titles = static_cast<std::size_t>(first - rows.begin()) <= max_titles
                          && std::all_of(rows.begin(), first, [&](const row& r) {
                               return r.cells < usual && r.filled <= max_filled;
                             });
  if (are_titles)
    rows.erase(rows.begin(), first);
}

verdict judge(std::vector<row> rows, char separator) {
  const auto usual = usual_cells(rows);
  const auto all = rows.size();
  if (usual > 1)
    drop_titles(rows, usual);
  if (usual == 1 || rows.size() < 2)
    return verdict::no;
  std::size_t bytes = 0;
  std::size_t signs = 0;
  std::size_t spaced = 0;
  std::size_t cut = 0;
  std::size_t ending = 0;
  std::size_t beginning = 0;
  for (const auto& r : rows) {
    bytes += r.bytes;
    signs += r.cells - 1;
    spaced += r.spaced;
    cut += r.cells > 1 ? 1 : 0;
    ending += r.ends_empty ? 1 : 0;
    beginning += r.begins_filled ? 1 : 0;
  }
  const auto count = rows.size();
  const auto even = count_of(rows, usual);
  constexpr std::size_t surely_a_table = 3;
  if (usual == 2 && ending * 5 >= count * 4)
    return verdict::no; // code
  if ((separator == '\t' || separator == '|') && beginning * 2 < count)
    return verdict::no; // indented, or a frame drawn around each line
  constexpr std::size_t long_cell = 20;
  const bool is_prose = spaced == signs;
  if (is_prose && bytes > (signs + count) * long_cell)
    return verdict::no; // sentences, each with as many commas as the others
  if (even == count && (count >= surely_a_table || (!is_prose && all == count)))
    return count == all ? verdict::even : verdict::ragged;
  constexpr std::size_t many = 10;
  if (count >= many && even * many >= count * (many - 1))
    return verdict::ragged;
  constexpr std::size_t some = 5;
  if (spaced == 0 && count >= some && even + 1 == count)
    return verdict::ragged; // one torn row
  // Two cells, such as of a date with a comma in it, are too little to tell uneven rows by.
  const bool is_dense = spaced * 5 <= signs && usual > 2 && count >= surely_a_table;
  const bool is_mostly_even = cut * many >= count * (many - 1) && even * 2 >= count;
  const bool is_uneven_everywhere = cut == count && even * 3 >= count;
  return is_dense && (is_mostly_even || is_uneven_everywhere) ? verdict::ragged : verdict::no;
}

std::string_view without_mark(std::string_view text) {
  return text.substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
}

} // namespace

char stated_separator(std::string_view text) {
  text = without_mark(text);
  const bool is_quoted = text.starts_with('"');
  text.remove_prefix(is_quoted ? 1 : 0);
  constexpr std::string_view word = "sep=";
  const auto is_same = [](char a, char b) {
    return (a | 0x20) == b || a == b;
  };
  if (text.size() < word.size() + 2
      || !std::equal(word.begin(), word.end(), text.begin(),
                     [&](char w, char c) { return is_same(c, w); }))
    return '\0';
  const auto after = text.substr(word.size() + 1);
  const bool ends = after.front() == '\n' || after.front() == '\r';
  const bool ends_quoted = is_quoted && (after.starts_with("\"\n") || after.starts_with("\"\r"));
  const char separator = text[word.size()];
  const bool is_sign =
    separator == '\t' || (separator > ' ' && separator < 0x7F && separator != '"');
  return is_sign && (ends || ends_quoted) ? separator : '\0';
}

char find_separator(std::string_view text, bool is_cut) {
  text = without_mark(text);
  if (const char stated = stated_separator(text); stated != '\0')
    return stated;
  // Markup, settings and JSON begin so.
  if (text.empty() || std::string_view{"{[<"}.find(text.front()) != std::string_view::npos)
    return '\0';
  char best = '\0';
  auto most = verdict::no;
  // A table of another sign may well have commas in each row: of numbers, and of sentences.
  for (const char separator : {'\t', ';', ',', '|'})
    if (const auto found = judge(rows_by(text, separator, is_cut), separator); found > most) {
      most = found;
      best = separator;
    }
  return best;
}

} // namespace mediad::media
