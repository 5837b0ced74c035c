#include "media/document/office/check.hpp"

#include "media/bytes/file_bytes.hpp"
#include "media/bytes/zip_package.hpp"
#include "media/document/office/check_rtf.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string_view>

namespace mediad::media::office {
namespace {

// Sheets of numbers are packed tightly, too, while they are small.
constexpr std::uint64_t never_a_bomb = 64U << 20U;

// The namespace of OpenDocument (OASIS OpenDocument 1.3 part 3, 1.4).
constexpr std::string_view flat_mark = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";

// Longest text of one element, and longest tag.
constexpr std::size_t max_run_bytes = 4U << 20U;
// In a flat file a picture is such a text, too.
constexpr std::size_t max_flat_run_bytes = 32U << 20U;

// Excel's binary sheets, and the archives in which Apple's programs keep their objects.
bool is_binary(std::string_view name) {
  return name.ends_with(".bin") || name.ends_with(".iwa");
}

bool is_markup(std::string_view name) {
  return name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".rdf");
}

/// All parts of one file.
class markup_check {
public:
  markup_check(std::uint64_t packed_bytes, std::size_t longest_run, const limits& max)
    : packed_{packed_bytes}, longest_run_{longest_run}, max_{max} {}

  /// @param next puts the next bytes into the buffer that it is given, and says how many.
  template <class Next>
  result<> read(Next next, bool is_text) {
    std::array<char, 64 * 1024> block{};
    std::size_t run = 0;
    for (bool at_start = true;; at_start = false) {
      const auto got = next(std::span{block});
      if (got <= 0)
        return {};
      const std::string_view text{block.data(), static_cast<std::size_t>(got)};
      if (!is_text) {
        if (auto counted = count(text.size()); !counted)
          return counted;
        continue;
      }
      // Entities are defined ahead of all else that a part says.
      if (at_start && text.find("<!ENTITY") != std::string_view::npos)
        return fail(errc::corrupt_media, "the document's XML defines entities");
      if (auto added = add(text, run); !added)
        return added;
    }
  }

private:
  result<> count(std::size_t bytes) {
    unpacked_ += bytes;
    if (unpacked_ > max_.max_markup_bytes)
      return fail(errc::too_large,
                  "more than " + std::to_string(max_.max_markup_bytes) + " bytes of XML");
    if (unpacked_ > never_a_bomb && unpacked_ / max_.max_archive_ratio > packed_)
      return fail(errc::too_large, std::to_string(unpacked_) + " bytes of XML packed into "
                                     + std::to_string(packed_));
    return {};
  }

  result<> add(std::string_view text, std::size_t& run) {
    if (auto counted = count(text.size()); !counted)
      return counted;
    while (!text.empty()) {
      const auto next = text.find('<');
      run += std::min(next, text.size());
      if (run > longest_run_)
        return fail(errc::too_large,
                    "an element of more than " + std::to_string(longest_run_) + " bytes of text");
      if (next == std::string_view::npos)
        break;
      run = 0;
      text.remove_prefix(next + 1);
    }
    return {};
  }

  std::uint64_t packed_;
  std::size_t longest_run_;
  std::uint64_t unpacked_ = 0;
  const limits& max_;
};

/// What is no ZIP: OpenDocument in a single XML file, RTF, or left for LibreOffice.
result<> check_flat_file(const opened_file& file, const file_bytes& bytes, const limits& max) {
  if (bytes.head().find(flat_mark) == std::string_view::npos)
    return check_rtf(file, max);
  std::uint64_t at = 0;
  const auto next = [&](std::span<char> into) {
    const auto piece = bytes.read(at, into.size());
    std::copy(piece.begin(), piece.end(), into.begin());
    at += piece.size();
    return static_cast<std::int64_t>(piece.size());
  };
  return markup_check{bytes.size(), max_flat_run_bytes, max}.read(next, true);
}

} // namespace

result<> check_file(const opened_file& file, const limits& max) {
  const auto bytes = file_bytes::of(file);
  if (!bytes)
    return fail(bytes.error());
  // Without this, a ZIP that cannot be looked at here would be left for LibreOffice.
  if (zip_package::has_large_directory(*bytes))
    return fail(errc::too_large, "a document whose directory is too large");
  const auto package = zip_package::open(*bytes);
  if (!package)
    return check_flat_file(file, *bytes, max);
  if (package->size() > max.max_archive_entries)
    return fail(errc::too_large, "a document of " + std::to_string(package->size()) + " parts");
  markup_check check{bytes->size(), max_run_bytes, max};
  for (std::uint64_t i = 0; i < package->size(); ++i) {
    const auto name = package->name_of(i);
    if (!name || (!is_markup(*name) && !is_binary(*name)))
      continue;
    auto part = package->part(i);
    if (!part)
      continue;
    const auto next = [&](std::span<char> into) {
      return part->read(into);
    };
    if (auto read = check.read(next, is_markup(*name)); !read)
      return read;
  }
  return {};
}

} // namespace mediad::media::office
