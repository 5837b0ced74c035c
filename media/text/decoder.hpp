#pragma once

#include <memory>
#include <string>
#include <string_view>

struct UConverter;

namespace mediad::media {

/// Turns the bytes of one charset, piece by piece, into UTF-16. What cannot be decoded becomes
/// U+FFFD.
class charset_decoder {
public:
  /// @param charset a name that can_decode() knows, such as those of guess_charset(); any other is
  ///   read as Windows-1252.
  explicit charset_decoder(const std::string& charset);

  /// Appends what @p bytes say to @p out; the start of a character is kept for the next piece.
  void add(std::string_view bytes, std::u16string& out);
  /// Appends U+FFFD if the text ended inside a character.
  void finish(std::u16string& out);

private:
  struct close {
    void operator()(UConverter* converter) const noexcept;
  };

  void convert(std::string_view bytes, bool is_last, std::u16string& out);

  std::u16string table_; ///< Characters of all bytes, if ICU does not know the charset.
  std::unique_ptr<UConverter, close> converter_;
};

/// Whether ICU knows @p charset, or single_byte_table() does.
bool can_decode(const std::string& charset);

/// All of @p bytes at once.
std::u16string decoded(std::string_view bytes, const std::string& charset);

/// The same as UTF-8.
std::string to_utf8(std::u16string_view text);

} // namespace mediad::media
