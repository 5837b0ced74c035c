#include "media/bytes/compound_file.hpp"
#include "media/identify/sniffers.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

identity document(std::string_view media_type) {
  return {profile::document, std::string{media_type}};
}

// Readers accept a PDF that begins within the first 1,024 bytes. Text about PDF begins like that
// too, so what begins late must also end like one, or go on with bytes that are no text: a header
// is followed by a comment of such (ISO 32000-1, 7.5.2).
bool is_pdf(const file_bytes& file) {
  const auto at = file.head().substr(0, 1024).find("%PDF-");
  if (at == std::string_view::npos)
    return false;
  if (file.head().substr(0, at).find_first_not_of("\xEF\xBB\xBF \t\r\n"sv)
      == std::string_view::npos)
    return true;
  constexpr auto tail_bytes = file_bytes::max_piece; // senders pad files with some kilobytes
  const auto tail =
    file.read(file.size() - std::min<std::uint64_t>(file.size(), tail_bytes), tail_bytes);
  const auto header = file.head().substr(at, 64);
  const bool has_bytes = std::count_if(header.begin(), header.end(),
                                       [](char c) { return static_cast<unsigned char>(c) >= 0x80; })
                         >= 4;
  return tail.find("%%EOF") != std::string::npos
         || (has_bytes && file.head().substr(at).find(" obj") != std::string_view::npos);
}

// Before it may stand a byte order mark, white space, and what else is no text.
bool is_rtf(std::string_view head) {
  constexpr std::size_t max_before = 64;
  const auto at = head.substr(0, max_before).find("{\\rtf"sv);
  return at != std::string_view::npos
         && std::none_of(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(at),
                         [](char c) { return c > ' ' && c < 0x7F; });
}

constexpr auto word = "WordDocument"sv;
constexpr auto workbook = "Workbook"sv;
constexpr auto old_workbook = "Book"sv;
constexpr auto presentation = "PowerPoint Document"sv;
constexpr auto encrypted = "EncryptedPackage"sv;
constexpr auto ole_storage = "application/x-ole-storage"sv;
constexpr auto drawing = "VisioDocument"sv;
constexpr auto publication = "Quill"sv; // Publisher's storage of texts

// A compound file says what it is by the names of its streams; empty if by none of these. One with
// a password ([MS-OFFCRYPTO] 2.3.4.4) does not say which of the new office formats it hides: it is
// a document, and nothing more is known than its container.
std::string_view office_type(const file_bytes& file) {
  const auto opened = compound_file::open(file);
  if (!opened)
    return {};
  const auto stream =
    opened->first_of({word, workbook, old_workbook, presentation, encrypted, drawing, publication});
  if (stream == word)
    return "application/msword";
  if (stream == workbook || stream == old_workbook)
    return "application/vnd.ms-excel";
  if (stream == presentation)
    return "application/vnd.ms-powerpoint";
  if (stream == drawing)
    return "application/vnd.visio";
  if (stream == publication)
    return "application/x-mspublisher";
  if (stream == encrypted)
    return ole_storage;
  return {};
}

// [MS-WMF] 2.3.2: with a placement in front, or the header alone: its type, 9 words of header, and
// its version. [MS-EMF] 2.3.4.2: the header record's type, and its signature.
std::string_view metafile_type(std::string_view head) {
  constexpr std::uint64_t header_words = 9;
  const auto type = little_endian(head, 0, 2);
  const auto version = little_endian(head, 4, 2);
  const bool is_plain = (type == 1 || type == 2) && little_endian(head, 2, 2) == header_words
                        && (version == 0x100 || version == 0x300) && head.size() > 18;
  if (head.starts_with("\xD7\xCD\xC6\x9A\0\0"sv) || is_plain)
    return "image/wmf";
  return head.starts_with("\1\0\0\0"sv) && has_at(head, 40, " EMF") ? "image/emf" : "";
}

// OpenDocument in a single XML file: its root element says of which kind it is.
std::string flat_type(std::string_view head) {
  constexpr auto name_space = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"sv;
  constexpr auto attribute = "office:mimetype=\"application/vnd.oasis.opendocument."sv;
  constexpr std::array kinds{"text"sv, "spreadsheet"sv, "presentation"sv, "graphics"sv};
  const auto root = head.find("<office:document ");
  const auto begin = head.find_first_not_of("\xEF\xBB\xBF \t\r\n"sv);
  if (root == head.npos || head[begin] != '<' || head.find(name_space, root) == head.npos)
    return {};
  const auto kind_at = head.find(attribute, root);
  if (kind_at == head.npos)
    return {};
  const auto from = kind_at + attribute.size();
  for (const auto kind : kinds)
    for (const auto suffix : {"\""sv, "-template\""sv})
      if (has_at(head, from, kind) && has_at(head, from + kind.size(), suffix))
        return "application/vnd.oasis.opendocument." + std::string{kind} + "-flat-xml";
  return {};
}

} // namespace

std::optional<identity> sniff_document(const file_bytes& file) {
  const auto head = file.head();
  if (is_pdf(file))
    return document("application/pdf");
  if (is_rtf(head))
    return document("application/rtf");
  if (head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
    const auto type = office_type(file);
    return !type.empty() ? document(type) : identity{profile::other, std::string{ole_storage}};
  }
  if (const auto type = metafile_type(head); !type.empty())
    return document(type);
  if (const auto type = flat_type(head); !type.empty())
    return document(type);
  return sniff_zip(file);
}

} // namespace mediad::media
