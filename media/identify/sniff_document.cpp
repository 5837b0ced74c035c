#include "media/bytes/compound_file.hpp"
#include "media/identify/sniffers.hpp"

#include <algorithm>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

identity document(std::string_view media_type) {
  return {profile::document, std::string{media_type}};
}

// Readers accept a PDF that begins within the first 1,024 bytes. Text about PDF begins like that
// too, so what begins late must also end like one.
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
  return tail.find("%%EOF") != std::string::npos;
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

// A compound file says what it is by the names of its streams; empty if by none of these. One with
// a password ([MS-OFFCRYPTO] 2.3.4.4) does not say which of the three kinds it is: any of them lets
// the document worker answer that there is a password.
std::string_view office_type(const file_bytes& file) {
  const auto opened = compound_file::open(file);
  if (!opened)
    return {};
  const auto stream = opened->first_of({word, workbook, old_workbook, presentation, encrypted});
  if (stream == word)
    return "application/msword";
  if (stream == workbook || stream == old_workbook)
    return "application/vnd.ms-excel";
  if (stream == presentation)
    return "application/vnd.ms-powerpoint";
  if (stream == encrypted)
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
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
    return !type.empty() ? document(type) : identity{profile::other, "application/x-ole-storage"};
  }
  return sniff_zip(file);
}

} // namespace mediad::media
