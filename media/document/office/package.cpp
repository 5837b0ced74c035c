#include "media/document/office/package.hpp"

#include <array>
#include <expat.h>
#include <filesystem>
#include <memory>
#include <utility>

namespace mediad::media::office {
namespace {

constexpr char separator = '|';
constexpr int max_depth = 1000;

struct free_parser {
  void operator()(XML_Parser parser) const noexcept {
    XML_ParserFree(parser);
  }
};

struct known_namespace {
  std::string_view uri_part; ///< A piece of the URI that its transitional and strict forms share.
  std::string_view prefix;
};

// ECMA-376 parts 1 and 4, OpenDocument 1.3 part 3.
constexpr std::array namespaces{
  known_namespace{"wordprocessingml/", "w:"},
  known_namespace{"/drawingml/2006/main", "a:"},
  known_namespace{"/ooxml/drawingml/main", "a:"},
  known_namespace{"/drawingml/2006/chart", "c:"},
  known_namespace{"/ooxml/drawingml/chart", "c:"},
  known_namespace{"/presentationml/", "p:"},
  known_namespace{"/officeDocument/2006/math", "m:"},
  known_namespace{"/officeDocument/2006/relationships", "r:"},
  known_namespace{"/ooxml/officeDocument/relationships", "r:"},
  known_namespace{"/markup-compatibility/", "mc:"},
  known_namespace{":opendocument:xmlns:text:", "text:"},
  known_namespace{":opendocument:xmlns:table:", "table:"},
  known_namespace{":opendocument:xmlns:office:", "office:"},
  known_namespace{":opendocument:xmlns:drawing:", "draw:"},
  known_namespace{":opendocument:xmlns:presentation:", "presentation:"},
  known_namespace{":opendocument:xmlns:style:", "style:"},
  known_namespace{":opendocument:xmlns:meta:", "meta:"},
  known_namespace{"//purl.org/dc/elements/", "dc:"},
};

std::string short_name(std::string_view name) {
  const auto at = name.rfind(separator);
  if (at == std::string_view::npos)
    return std::string{name};
  const auto uri = name.substr(0, at);
  for (const auto& known : namespaces)
    if (uri.find(known.uri_part) != std::string_view::npos)
      return std::string{known.prefix}.append(name.substr(at + 1));
  return ":" + std::string{name.substr(at + 1)};
}

// Whether an attribute is meant by its local name, or by its short name if that has a prefix.
bool is_called(std::string_view name, std::string_view wanted) {
  return wanted.find(':') == std::string_view::npos
           ? name.substr(name.rfind(separator) + 1) == wanted // of npos, too
           : short_name(name) == wanted;
}

struct parsing {
  const xml_handlers& handlers;
  XML_Parser parser;
  int depth = 0;
};

void begin_element(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& now = *static_cast<parsing*>(data);
  if (++now.depth > max_depth) {
    XML_StopParser(now.parser, XML_FALSE);
    return;
  }
  now.handlers.begin({short_name(name), [attributes](std::string_view wanted) -> std::string {
                        for (const auto** at = attributes; *at != nullptr; at += 2)
                          if (is_called(at[0], wanted))
                            return at[1];
                        return {};
                      }});
}

void end_element(void* data, const XML_Char* name) {
  auto& now = *static_cast<parsing*>(data);
  --now.depth;
  now.handlers.end(short_name(name));
}

void add_text(void* data, const XML_Char* text, int length) {
  static_cast<parsing*>(data)->handlers.text({text, static_cast<std::size_t>(length)});
}

void refuse(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/,
            const XML_Char* /*public*/, int /*has_subset*/) {
  XML_StopParser(static_cast<parsing*>(data)->parser, XML_FALSE);
}

} // namespace

std::optional<package> package::open(const opened_file& file, const limits& max) {
  auto archive = zip_package::open(file);
  return archive ? std::optional{package{std::move(*archive), max.max_markup_bytes}} : std::nullopt;
}

bool package::read(const std::string& part, const xml_handlers& handlers) {
  auto entry = archive_.part(part, zip_package::case_of_names::any);
  const std::unique_ptr<XML_ParserStruct, free_parser> parser{
    XML_ParserCreateNS(nullptr, separator)};
  if (!entry || parser == nullptr)
    return false;
  parsing now{handlers, parser.get()};
  XML_SetUserData(parser.get(), &now);
  XML_SetElementHandler(parser.get(), begin_element, end_element);
  XML_SetCharacterDataHandler(parser.get(), add_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), refuse);
  std::array<char, 64 * 1024> block{};
  for (;;) {
    const auto got = entry->read(block);
    if (got < 0 || static_cast<std::uint64_t>(got) > left_)
      return false;
    left_ -= static_cast<std::uint64_t>(got);
    if (XML_Parse(parser.get(), block.data(), static_cast<int>(got), got == 0 ? 1 : 0)
        != XML_STATUS_OK)
      return false;
    if (got == 0)
      return true;
  }
}

std::vector<relation> package::relations_of(const std::string& part) {
  const std::filesystem::path path{part};
  const auto folder = path.parent_path();
  const auto file = folder / "_rels" / (path.filename().string() + ".rels");
  std::vector<relation> found;
  read(file.string(), {[&](const element& one) {
                         const auto target = one.attribute("Target");
                         if (target.empty() || one.attribute("TargetMode") == "External")
                           return;
                         const auto whole = (target.front() == '/' ? std::filesystem::path{target}
                                                                   : "/" / folder / target)
                                              .lexically_normal();
                         const auto type = one.attribute("Type");
                         found.push_back({one.attribute("Id"), type.substr(type.rfind('/') + 1),
                                          whole.relative_path().string()});
                       },
                       [](const std::string&) {},
                       [](std::string_view) {
                       }});
  return found;
}

} // namespace mediad::media::office
