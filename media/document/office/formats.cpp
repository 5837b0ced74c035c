#include "media/document/office/convert.hpp"

#include <algorithm>
#include <array>

namespace mediad::media::office {
namespace {

using enum application;

constexpr std::array formats{
  // Forced, so that bytes which only claim to be of a type reach no other of its many readers. The
  // old binary formats have several readers each, one for every age: there LibreOffice looks.
  file_format{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
              "MS Word 2007 XML", writer},
  file_format{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
              "Calc MS Excel 2007 XML", calc},
  file_format{"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
              "Impress MS PowerPoint 2007 XML", impress},
  file_format{"application/vnd.ms-excel.sheet.binary.macroenabled.12", "xlsb",
              "Calc MS Excel 2007 Binary", calc},
  file_format{"application/vnd.oasis.opendocument.text", "odt", "writer8", writer},
  file_format{"application/vnd.oasis.opendocument.spreadsheet", "ods", "calc8", calc},
  file_format{"application/vnd.oasis.opendocument.presentation", "odp", "impress8", impress},
  file_format{"application/vnd.oasis.opendocument.graphics", "odg", "draw8", draw},
  file_format{"application/vnd.oasis.opendocument.text-template", "ott", "writer8_template",
              writer},
  file_format{"application/vnd.oasis.opendocument.spreadsheet-template", "ots", "calc8_template",
              calc},
  file_format{"application/vnd.oasis.opendocument.presentation-template", "otp",
              "impress8_template", impress},
  file_format{"application/vnd.oasis.opendocument.graphics-template", "otg", "draw8_template",
              draw},
  file_format{"application/vnd.oasis.opendocument.text-flat-xml", "fodt",
              "OpenDocument Text Flat XML", writer},
  file_format{"application/vnd.oasis.opendocument.spreadsheet-flat-xml", "fods",
              "OpenDocument Spreadsheet Flat XML", calc},
  file_format{"application/vnd.oasis.opendocument.presentation-flat-xml", "fodp",
              "OpenDocument Presentation Flat XML", impress},
  file_format{"application/vnd.oasis.opendocument.graphics-flat-xml", "fodg",
              "OpenDocument Drawing Flat XML", draw},
  file_format{"application/rtf", "rtf", "Rich Text Format", writer},
  file_format{"application/msword", "doc", "", writer},
  file_format{"application/vnd.ms-excel", "xls", "", calc},
  file_format{"application/vnd.ms-powerpoint", "ppt", "", impress},
  file_format{"application/vnd.visio", "vsd", "Visio Document", draw},
  file_format{"application/vnd.ms-visio.drawing", "vsdx", "Visio Document", draw},
  file_format{"application/x-mspublisher", "pub", "Publisher Document", draw},
  file_format{"application/vnd.apple.pages", "pages", "Apple Pages", writer},
  file_format{"application/vnd.apple.numbers", "numbers", "Apple Numbers", calc},
  file_format{"application/vnd.apple.keynote", "key", "Apple Keynote", impress},
  file_format{"image/wmf", "wmf", "WMF - MS Windows Metafile", draw},
  file_format{"image/emf", "emf", "EMF - MS Windows Metafile", draw},
};

} // namespace

const file_format* find_format(std::string_view media_type) {
  if (media_type == "text/rtf")
    media_type = "application/rtf";
  const auto* const found = std::find_if(formats.begin(), formats.end(), [&](const auto& format) {
    return format.media_type == media_type;
  });
  return found == formats.end() ? nullptr : found;
}

const file_format& open_format_of(const file_format& format) {
  constexpr std::array<std::string_view, 4> extensions{"odt", "ods", "odp", "odg"};
  const auto wanted = extensions.at(static_cast<std::size_t>(format.opens_in));
  return *std::find_if(formats.begin(), formats.end(),
                       [&](const auto& known) { return known.extension == wanted; });
}

} // namespace mediad::media::office
