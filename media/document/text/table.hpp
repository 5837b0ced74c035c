#pragma once

#include "media/document/text/pages.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::media {

/// Cuts CSV (RFC 4180, with any separator) into records, and keeps the first: the rest is only
/// counted. Empty lines are no records.
class table_flow {
public:
  using record = std::vector<std::string>;

  /// What is kept of one record; the rest of it is passed over.
  static constexpr std::size_t max_cells = 64;
  static constexpr std::size_t max_cell_bytes = 240;

  table_flow(char separator, std::uint64_t kept_records)
    : separator_{separator}, kept_records_{kept_records} {}

  /// More of the file: UTF-8 as text_reader gives it, cut anywhere between characters.
  void add(std::string_view text);
  /// The last record, if no end of line came after it.
  void finish();

  std::uint64_t record_count() const {
    return record_count_;
  }
  std::vector<record> take_records() && {
    return std::move(records_);
  }
  /// Whether every record that is to be kept is there.
  bool is_full() const {
    return record_count_ >= kept_records_;
  }

private:
  void put(char byte);
  void put_in_quotes(char byte);
  void append(char byte);
  void end_cell();
  void end_record();

  char separator_;
  std::uint64_t kept_records_;
  std::vector<record> records_;
  std::uint64_t record_count_ = 0;
  record record_;
  std::string cell_;
  bool cell_begun_ = false; // something of this cell was seen, if only its quotes
  bool in_quotes_ = false;
  bool after_quote_ = false; // in quotes, a quote came: either its twin follows or they end
};

/// A CSV or TSV file, as a table on pages with its first record as the header of each.
/// @param separator the character between cells; '\0': what find_separator() says. A line that
/// states
///   it is left out.
/// @returns errc::not_found, errc::storage_io.
result<std::unique_ptr<page_source>> open_table(const opened_file& file, char separator,
                                                text_extent how);

} // namespace mediad::media
