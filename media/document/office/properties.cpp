#include "media/document/office/properties.hpp"

#include "media/document/office/package.hpp"

#include <string>
#include <utility>

namespace mediad::media::office {
namespace {

/// Gathers the texts of the elements that say what is wanted.
struct property_texts {
  std::string title;
  std::string creator; ///< The author; in OpenDocument who has changed the file last.
  std::string first_creator;
  std::string language;

  std::string* find(std::string_view element) {
    if (element == "dc:title")
      return &title;
    if (element == "dc:creator")
      return &creator;
    if (element == "meta:initial-creator")
      return &first_creator;
    return element == "dc:language" ? &language : nullptr;
  }
};

// Where OpenDocument has them, unless the package names another part.
std::string part_of(package& file) {
  for (const auto& found : file.relations_of({}))
    if (found.type == "core-properties")
      return found.target;
  return "meta.xml";
}

} // namespace

file_facts properties_of(const opened_file& file, const limits& max) {
  constexpr std::size_t max_bytes = 4096;
  auto opened = package::open(file, max);
  if (!opened)
    return {};
  property_texts texts;
  std::string* into = nullptr;
  const xml_handlers handlers{[&](const element& one) { into = texts.find(one.name); },
                              [&](const std::string&) { into = nullptr; },
                              [&](std::string_view text) {
                                if (into != nullptr && into->size() < max_bytes)
                                  into->append(text.substr(0, max_bytes));
                              }};
  opened->read(part_of(*opened), handlers);
  file_facts found;
  found.title = std::move(texts.title);
  found.author = std::move(texts.first_creator.empty() ? texts.creator : texts.first_creator);
  found.language = std::move(texts.language);
  return checked(std::move(found));
}

} // namespace mediad::media::office
