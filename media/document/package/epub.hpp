#pragma once

#include "base/error.hpp"
#include "media/bytes/zip_package.hpp"
#include "media/settings.hpp"

#include <string>
#include <vector>

namespace mediad::media {

/// What a book in EPUB (W3C EPUB 3.3) says of itself.
struct epub {
  std::string title;
  std::string author;
  std::string language;              ///< A tag of BCP 47; empty: it names none.
  std::string cover;                 ///< The part that is the picture of its cover; empty: none.
  std::vector<std::string> chapters; ///< The parts of its text, in the order of reading.
};

/// @returns errc::corrupt_media for a book without a readable list of its parts,
///   errc::password_protected if its text is encrypted.
result<epub> read_epub(const zip_package& package);

/// The text of the book, a form feed before each chapter but the first, at most
/// limits.max_text_bytes.
std::string text_of_epub(const zip_package& package, const epub& book, const limits& max);

} // namespace mediad::media
