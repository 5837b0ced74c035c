#include "media/bytes/zip_package.hpp"
#include "media/identify/sniffers.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

struct known_type {
  std::string_view mark;
  std::string_view media_type;
};

// What a part of [Content_Types].xml says about the main part (ECMA-376, part 1). Files with macros
// and templates are shown like the plain ones.
constexpr std::array office_parts{
  known_type{"wordprocessingml.document.main+xml",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  known_type{"wordprocessingml.template.main+xml",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  known_type{"ms-word.document.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  known_type{"spreadsheetml.sheet.main+xml",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  known_type{"spreadsheetml.template.main+xml",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  known_type{"ms-excel.sheet.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  known_type{"presentationml.presentation.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"presentationml.slideshow.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"presentationml.template.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"ms-powerpoint.presentation.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"ms-powerpoint.slideshow.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"ms-powerpoint.template.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
  known_type{"ms-word.template.macroEnabledTemplate.main+xml",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
  known_type{"ms-excel.template.macroEnabled.main+xml",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
  known_type{"ms-excel.sheet.binary.macroEnabled.main",
             "application/vnd.ms-excel.sheet.binary.macroenabled.12"},
  known_type{"ms-visio.drawing.main+xml", "application/vnd.ms-visio.drawing"},
  known_type{"ms-visio.drawing.macroEnabled.main+xml", "application/vnd.ms-visio.drawing"},
  known_type{"ms-visio.template.main+xml", "application/vnd.ms-visio.drawing"},
  known_type{"ms-visio.template.macroEnabled.main+xml", "application/vnd.ms-visio.drawing"},
};

// What LibreOffice can show of OpenDocument (OASIS OpenDocument 1.3 part 2, 3.3).
constexpr std::array open_document_kinds{
  "text"sv,          "spreadsheet"sv,          "presentation"sv,          "graphics"sv,
  "text-template"sv, "spreadsheet-template"sv, "presentation-template"sv, "graphics-template"sv,
};

bool is_open_document(std::string_view media_type) {
  constexpr auto family = "application/vnd.oasis.opendocument."sv;
  return media_type.starts_with(family)
         && std::find(open_document_kinds.begin(), open_document_kinds.end(),
                      media_type.substr(family.size()))
              != open_document_kinds.end();
}

// The programs of Apple's iWork, of 2009 with XML and since 2013 with archives of their own. Slides
// have a part each; of the others the first object of Document.iwa says which program's it is.
std::string_view iwork_type(const zip_package& package) {
  constexpr auto pages = "application/vnd.apple.pages"sv;
  constexpr auto numbers = "application/vnd.apple.numbers"sv;
  constexpr auto keynote = "application/vnd.apple.keynote"sv;
  constexpr std::size_t enough = 4096;
  if (package.has("index.apxl"))
    return keynote;
  if (package.has("index.xml")) {
    const auto root = package.read("index.xml", enough);
    return root.find("<ls:document") != root.npos   ? numbers
           : root.find("<sl:document") != root.npos ? pages
                                                    : ""sv;
  }
  // ".iwph" is the hint for a password.
  if (!package.has("Index/Document.iwa") && !package.has("Index.zip") && !package.has(".iwph"))
    return {};
  const auto names = package.names();
  const auto any = [&](std::string_view beginning) {
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return name.starts_with(beginning); });
  };
  if (any("Index/Slide") || any("Index/MasterSlide") || any("Index/TemplateSlide"))
    return keynote;
  constexpr std::size_t first_object_bytes = 64;
  constexpr auto type_of_pages = "\x08\x90\x4E"sv; // 10,000 as a protocol buffer has it
  const auto first = package.read("Index/Document.iwa", first_object_bytes);
  return first.find(type_of_pages) == first.npos && any("Index/Tables/") ? numbers : pages;
}

std::string without_space_at_end(std::string text) {
  text.resize(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

} // namespace

std::optional<identity> sniff_zip(const file_bytes& file) {
  const auto head = file.head();
  if (!head.starts_with("PK\3\4") && !head.starts_with("PK\5\6"))
    return std::nullopt;
  const identity plain{profile::other, "application/zip"};
  const auto package = zip_package::open(file);
  if (!package)
    return plain;
  constexpr std::size_t max_mime_type = 256;
  const auto mime_type = without_space_at_end(package->read("mimetype", max_mime_type));
  if (is_open_document(mime_type) || mime_type == "application/epub+zip")
    return identity{profile::document, mime_type};
  constexpr std::size_t max_content_types = 1U << 20U;
  const auto parts = package->read("[Content_Types].xml", max_content_types);
  for (const auto& known : office_parts)
    if (parts.find(known.mark) != std::string::npos)
      return identity{profile::document, std::string{known.media_type}};
  if (const auto type = iwork_type(*package); !type.empty())
    return identity{profile::document, std::string{type}};
  return plain;
}

} // namespace mediad::media
