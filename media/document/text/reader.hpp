#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mediad::media {

enum class text_encoding : std::uint8_t { utf8, utf16le, utf16be, windows_1252 };

/// What the first bytes of a text file show it to be written in: by its byte order mark, else by
/// the pattern of its bytes. What is neither UTF-8 nor UTF-16 is taken for Windows-1252, the
/// superset of Latin-1 that the web settled on (https://encoding.spec.whatwg.org/).
text_encoding guess_encoding(std::string_view sample);

/// Turns the bytes of a text file, piece by piece, into valid UTF-8 without a byte order mark,
/// with `\n` alone at the ends of lines and of the control characters only tab and form feed.
/// What cannot be decoded becomes U+FFFD.
class text_decoder {
public:
  explicit text_decoder(text_encoding encoding) : encoding_{encoding} {}

  /// Appends what @p bytes say to @p out; the start of a character is kept for the next piece.
  void add(std::string_view bytes, std::string& out);
  /// Appends U+FFFD if the text ended inside a character.
  void finish(std::string& out);

private:
  std::size_t take(std::string_view bytes, std::string& out);
  std::size_t take_ascii(std::string_view bytes, std::string& out);
  void put(std::uint32_t code_point, std::string& out);

  text_encoding encoding_;
  std::string carry_;         // the first bytes of a character, at most 3
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
  text_reader(unique_fd fd, text_encoding encoding) : fd_{std::move(fd)}, decoder_{encoding} {}

  unique_fd fd_;
  text_decoder decoder_;
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

} // namespace mediad::media
