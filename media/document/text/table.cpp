#include "media/document/text/table.hpp"

#include "media/document/text/canvas.hpp"
#include "media/document/text/columns.hpp"
#include "media/document/text/reader.hpp"
#include "media/text/delimiters.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <glib.h>
#include <numeric>
#include <optional>

namespace mediad::media {
namespace {

constexpr double margin = 36;
constexpr double font_size = 8;
constexpr double row_height = 14;
constexpr double character = font_size * mono_advance;
constexpr double padding = character;         // on both sides of a cell
constexpr std::size_t measured_records = 300; // they decide how wide the columns are
constexpr std::array<std::size_t, 5> widest{48, 32, 20, 12, 7}; // characters; the first that fits

// Rows of records, below the header.
std::uint32_t rows_on(paper sheet) {
  return static_cast<std::uint32_t>((sheet.height - 2 * margin) / row_height) - 1;
}

bool is_number(std::string_view cell) {
  return !cell.empty() && cell.find_first_of("0123456789") != std::string_view::npos
         && cell.find_first_not_of("0123456789.,-+%eE '") == std::string_view::npos;
}

struct column {
  std::size_t characters = 1;
  bool numbers = true; ///< All but its header are numbers, so they end at the right.
};

// A row of one cell in a table of more is a title: it spans them all.
bool is_title(const table_flow::record& record, std::size_t columns) {
  return record.size() == 1 && columns > 1;
}

std::vector<column> measure(const std::vector<table_flow::record>& records) {
  std::vector<column> columns;
  const auto measured = std::min(records.size(), measured_records);
  std::size_t most = 0;
  for (std::size_t i = 0; i < measured; ++i)
    most = std::max(most, records[i].size());
  for (std::size_t i = 0; i < measured; ++i) {
    if (is_title(records[i], most))
      continue;
    columns.resize(std::max(columns.size(), records[i].size()));
    for (std::size_t c = 0; c < records[i].size(); ++c) {
      const auto& cell = records[i][c];
      columns[c].characters = std::max(columns[c].characters, columns_of(cell));
      if (i > 0 && !cell.empty() && !is_number(cell))
        columns[c].numbers = false;
    }
  }
  return columns;
}

double width_of(const column& c, std::size_t most) {
  return static_cast<double>(std::min(c.characters, most)) * character + 2 * padding;
}

double width_of(const std::vector<column>& columns, std::size_t most) {
  return std::accumulate(columns.begin(), columns.end(), 0.0,
                         [&](double sum, const column& c) { return sum + width_of(c, most); });
}

// Upright if all fits as it is, else lying; then the widest columns give way first. Columns that
// still do not fit are left off at the right.
paper fit(std::vector<column>& columns) {
  const auto sheet = width_of(columns, widest.front()) <= a4_portrait.width - 2 * margin
                       ? a4_portrait
                       : a4_landscape;
  const auto room = sheet.width - 2 * margin;
  auto most = widest.back();
  for (const auto candidate : widest)
    if (width_of(columns, candidate) <= room) {
      most = candidate;
      break;
    }
  for (auto& c : columns)
    c.characters = std::min(c.characters, most);
  double left = room;
  const auto first_out = std::find_if(columns.begin(), columns.end(), [&](const column& c) {
    left -= width_of(c, most);
    return left < 0;
  });
  if (first_out != columns.end()) // the first column is shown at least
    columns.erase(std::max(first_out, columns.begin() + 1), columns.end());
  return sheet;
}

class table_pages final : public page_source {
public:
  table_pages(std::vector<table_flow::record> records, std::optional<std::uint64_t> count)
    : records_{std::move(records)},
      columns_{measure(records_)},
      sheet_{fit(columns_)},
      count_{count} {}

  std::uint32_t drawable_pages() const override {
    return static_cast<std::uint32_t>(pages_for(records_.size()));
  }

  result<picture> draw(std::uint32_t index, std::uint32_t box) override {
    auto canvas = text_canvas::make(sheet_, box);
    if (!canvas)
      return fail(canvas.error());
    const auto width = width_of(columns_, widest.front());
    double y = margin;
    if (!records_.empty()) {
      canvas->fill({margin, y, width}, row_height, 0.88);
      write_record(*canvas, records_.front(), y, true);
    }
    const auto first = std::size_t{index} * rows_on(sheet_) + 1;
    const auto last = std::min(records_.size(), first + rows_on(sheet_));
    for (auto i = first; i < last; ++i) {
      y += row_height;
      canvas->fill({margin, y + row_height - 0.5, width}, 0.5, 0.8);
      write_record(*canvas, records_[i], y, false);
    }
    return std::move(*canvas).finish();
  }

  nlohmann::json facts() const override {
    return count_ ? nlohmann::json{{"pages", pages_for(*count_)}} : nlohmann::json::object();
  }

private:
  std::uint64_t pages_for(std::uint64_t records) const {
    const auto below_header = std::max<std::uint64_t>(records, 2) - 1;
    return (below_header + rows_on(sheet_) - 1) / rows_on(sheet_);
  }

  void write_record(text_canvas& canvas, const table_flow::record& record, double y,
                    bool header) const {
    double x = margin;
    if (is_title(record, columns_.size()))
      return canvas.write(record.front(), {x + padding, y + 2, width_of(columns_, widest.front())},
                          {font_size, header, false});
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const auto room = static_cast<double>(columns_[c].characters) * character;
      if (c < record.size() && !record[c].empty())
        // Half a letter more than measured: rounding must not cost the last one.
        canvas.write(record[c], {x + padding - character / 4, y + 2, room + character / 2},
                     {font_size, header, columns_[c].numbers});
      x += room + 2 * padding;
    }
  }

  std::vector<table_flow::record> records_;
  std::vector<column> columns_;
  paper sheet_;
  std::optional<std::uint64_t> count_; ///< Number of records; empty if not all were read.
};

} // namespace

void table_flow::add(std::string_view text) {
  for (const char byte : text)
    in_quotes_ ? put_in_quotes(byte) : put(byte);
}

void table_flow::put(char byte) {
  if (byte == '\n') {
    end_record();
  } else if (byte == separator_) {
    end_cell();
    cell_begun_ = true; // of the next one: a line that ends here has it, empty
  } else if (byte == '"' && cell_.empty()) {
    in_quotes_ = true;
    cell_begun_ = true;
  } else {
    append(byte);
  }
}

void table_flow::put_in_quotes(char byte) {
  if (!after_quote_ && byte != '"')
    return append(byte);
  if (!after_quote_) {
    after_quote_ = true;
    return;
  }
  after_quote_ = false;
  if (byte == '"')
    return append(byte);
  in_quotes_ = false;
  put(byte);
}

void table_flow::append(char byte) {
  cell_begun_ = true;
  // A place has one line: what would break it becomes a space. Bytes over the limit may cut a
  // character; end_cell mends that.
  if (cell_.size() <= max_cell_bytes)
    cell_ += byte == '\n' || byte == '\t' || byte == '\f' ? ' ' : byte;
}

void table_flow::end_cell() {
  if (cell_.size() > max_cell_bytes) {
    const auto* cut = g_utf8_find_prev_char(cell_.data(), cell_.data() + max_cell_bytes + 1);
    cell_.resize(static_cast<std::size_t>(cut - cell_.data()));
  }
  if (record_.size() < max_cells && !is_full())
    record_.push_back(std::move(cell_));
  cell_.clear();
}

void table_flow::end_record() {
  if (!cell_begun_)
    return;
  end_cell();
  if (!is_full())
    records_.push_back(std::move(record_));
  ++record_count_;
  record_.clear();
  cell_begun_ = false;
}

void table_flow::finish() {
  in_quotes_ = false;
  after_quote_ = false;
  end_record();
}

result<std::unique_ptr<page_source>> open_table(const opened_file& file, char separator,
                                                text_extent how) {
  auto reader = text_reader::open(file);
  if (!reader)
    return fail(reader.error());
  auto piece = reader->next();
  if (!piece)
    return fail(piece.error());
  if (separator == '\0') {
    const auto size = file.size();
    separator = find_separator(*piece, !size || reader->bytes_read() < *size);
  }
  if (stated_separator(*piece) != '\0') // that line is meant for programs
    piece->erase(0, piece->find('\n') + 1);
  // Which paper fits is known only afterwards; the upright one holds more records.
  const auto kept = std::uint64_t{how.kept_pages} * rows_on(a4_portrait) + 1;
  table_flow flow{separator != '\0' ? separator : ',', kept};
  while (!piece->empty()
         && !(how.max_bytes && flow.is_full() && reader->bytes_read() >= *how.max_bytes)) {
    flow.add(*piece);
    piece = reader->next();
    if (!piece)
      return fail(piece.error());
  }
  const bool ended = piece->empty();
  flow.finish();
  const auto count = ended ? std::optional{flow.record_count()} : std::nullopt;
  return std::unique_ptr<page_source>{
    std::make_unique<table_pages>(std::move(flow).take_records(), count)};
}

} // namespace mediad::media
