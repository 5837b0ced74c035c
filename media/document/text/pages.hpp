#pragma once

#include "base/file.hpp"
#include "media/document/source/page_source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::media {

/// Breaks a text into rows and pages of a fixed number of characters, and keeps the rows of the
/// first pages: the rest is only counted.
class text_flow {
public:
  static constexpr std::uint32_t columns = 94;
  static constexpr std::uint32_t rows_per_page = 65;

  explicit text_flow(std::uint32_t kept_pages)
    : kept_rows_{std::uint64_t{kept_pages} * rows_per_page} {}

  /// More of the text: UTF-8 as text_reader gives it, cut anywhere between characters.
  void add(std::string_view text);
  /// The last row, if no end of line came after it.
  void finish();

  std::uint64_t pages() const;
  std::vector<std::string> take_rows() && {
    return std::move(rows_);
  }
  /// Whether every row that is to be kept is there.
  bool is_full() const {
    return row_count_ >= kept_rows_;
  }

private:
  void put(std::uint32_t code_point, std::string_view bytes);
  void wrap();
  void end_row(std::string row);
  void start_page();

  std::uint64_t kept_rows_;
  std::vector<std::string> rows_;
  std::uint64_t row_count_ = 0;
  std::string row_;
  std::uint32_t column_ = 0;
  std::size_t break_at_ = 0; // bytes of row_ up to its last space; 0: none
};

/// How much of a text is looked at. A preview needs one page and must not wait for a whole
/// gigabyte to be counted.
struct text_extent {
  std::uint32_t kept_pages = 1;
  /// Reading stops after so many bytes once the kept pages are full; then `pages` is not known.
  std::optional<std::uint64_t> max_bytes;
};

/// A plain text file, as pages of a monospaced font.
/// @returns errc::not_found, errc::storage_io.
result<std::unique_ptr<page_source>> open_text(const opened_file& file, text_extent how);

} // namespace mediad::media
