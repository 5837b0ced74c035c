#include "media/document/office/text.hpp"

#include "media/document/office/package.hpp"
#include "media/document/office/words.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace mediad::media::office {
namespace {

using namespace std::string_view_literals;

// The first part: what the file itself says, or where it always is.
std::string main_part(package& file, std::string_view usual) {
  for (const auto& found : file.relations_of({}))
    if (found.type == "officeDocument")
      return found.target;
  return std::string{usual};
}

void add_related(package& file, words& all, const std::string& part, std::string_view type) {
  for (const auto& found : file.relations_of(part))
    if (found.type == type && !all.is_full())
      all.add(file, found.target);
}

void add_word_file(package& file, words& all) {
  const auto part = main_part(file, "word/document.xml");
  add_related(file, all, part, "header");
  all.add(file, part);
  for (const auto type : {"footnotes"sv, "endnotes"sv, "diagramData"sv, "chart"sv, "footer"sv})
    add_related(file, all, part, type);
}

// The slides in their order, which is that of the list in the main part.
std::vector<std::string> slides_of(package& file) {
  const auto part = main_part(file, "ppt/presentation.xml");
  const auto relations = file.relations_of(part);
  std::vector<std::string> slides;
  file.read(part, {[&](const element& now) {
                     if (now.name != "p:sldId")
                       return;
                     for (const auto& found : relations)
                       if (found.type == "slide" && now.attribute("r:id") == found.id)
                         slides.push_back(found.target);
                   },
                   [](const std::string&) {},
                   [](std::string_view) {
                   }});
  return slides;
}

void add_slides(package& file, words& all) {
  for (const auto& slide : slides_of(file)) {
    if (all.is_full())
      return;
    all.end_page();
    all.add(file, slide);
    for (const auto type : {"diagramData"sv, "chart"sv})
      add_related(file, all, slide, type);
  }
}

void add_open_document(package& file, words& all, bool is_paged) {
  if (!is_paged)
    all.add_open(file, "styles.xml", "style:header");
  all.add_open(file, "content.xml");
  if (!is_paged)
    all.add_open(file, "styles.xml", "style:footer");
}

} // namespace

bool is_read_here(const file_format& format) {
  constexpr std::array extensions{"docx"sv, "pptx"sv, "odt"sv, "ott"sv,
                                  "odp"sv,  "otp"sv,  "odg"sv, "otg"sv};
  return std::find(extensions.begin(), extensions.end(), format.extension) != extensions.end();
}

std::string text_of(const opened_file& file, const file_format& format, const limits& max) {
  auto opened = is_read_here(format) ? package::open(file, max) : std::nullopt;
  if (!opened)
    return {};
  words all{max.max_text_bytes};
  if (format.extension == "docx")
    add_word_file(*opened, all);
  else if (format.extension == "pptx")
    add_slides(*opened, all);
  else
    add_open_document(*opened, all, format.opens_in != application::writer);
  return std::move(all).take();
}

} // namespace mediad::media::office
