#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "media/text/decoder.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mediad::media {

/// Turns the bytes of a text file, piece by piece, into valid UTF-8 without a byte order mark,
/// with `\n` alone at the ends of lines and of the control characters only tab and form feed. A
/// backspace takes back what a printer would overstrike. What cannot be decoded becomes U+FFFD.
class text_decoder {
public:
  /// @param charset as guess_charset() names it.
  explicit text_decoder(const std::string& charset) : decoder_{charset} {}

  /// Appends what @p bytes say to @p out; the start of a character is kept for the next piece.
  void add(std::string_view bytes, std::string& out);
  /// Appends U+FFFD if the text ended inside a character.
  void finish(std::string& out);

private:
  void put_decoded(std::string& out);
  void put(char32_t code_point, std::string& out);

  charset_decoder decoder_;
  std::u16string decoded_;    // what is not put yet: half of a surrogate pair, between two pieces
  bool after_return_ = false; // a line feed now belongs to the end of line already put
  bool at_start_ = true;
};

/// A text file as UTF-8 in pieces, so that its size does not matter.
class text_reader {
public:
  static result<text_reader> open(const opened_file& file);

  /// The next piece, cut between characters; empty only at the end.
  result<std::string> next();
  /// How much of the file has been read.
  std::uint64_t bytes_read() const {
    return offset_;
  }

private:
  text_reader(unique_fd fd, const std::string& charset) : fd_{std::move(fd)}, decoder_{charset} {}

  unique_fd fd_;
  text_decoder decoder_;
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

} // namespace mediad::media
