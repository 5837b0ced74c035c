#include "media/document/package/epub.hpp"

#include "media/document/package/markup_text.hpp"
#include "media/facts/file_facts.hpp"

#include <algorithm>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <map>
#include <memory>

namespace mediad::media {
namespace {

constexpr std::size_t max_list_bytes = 4U << 20U;
constexpr std::size_t max_chapter_bytes = 16U << 20U;
constexpr std::size_t max_chapters = 5'000;
constexpr std::size_t max_title_bytes = 512;

struct free_tree {
  void operator()(xmlDoc* tree) const noexcept {
    xmlFreeDoc(tree);
  }
};
using tree_handle = std::unique_ptr<xmlDoc, free_tree>;

// Entities are not replaced and nothing is loaded from elsewhere.
tree_handle parse(const std::string& text) {
  constexpr int options =
    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_RECOVER;
  return tree_handle{
    xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, options)};
}

bool is_named(const xmlNode& node, std::string_view name) {
  return node.type == XML_ELEMENT_NODE && name == reinterpret_cast<const char*>(node.name);
}

std::string taken(xmlChar* text) {
  if (text == nullptr)
    return {};
  std::string copy{reinterpret_cast<const char*>(text)};
  xmlFree(text);
  return copy;
}

std::string attribute(xmlNode& node, const char* name) {
  return taken(xmlGetNoNsProp(&node, reinterpret_cast<const xmlChar*>(name)));
}

/// Calls @p visit with each element of that name below @p from; the parser bounds the depth.
template <class Visit>
void each(xmlNode* from, std::string_view name, const Visit& visit) {
  for (auto* node = from; node != nullptr; node = node->next) {
    if (is_named(*node, name))
      visit(*node);
    each(node->children, name, visit);
  }
}

std::string unescaped(const std::string& path) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string plain;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool is_escape =
      path[i] == '%' && i + 2 < path.size() && digit(path[i + 1]) >= 0 && digit(path[i + 2]) >= 0;
    plain += is_escape ? static_cast<char>(digit(path[i + 1]) * 16 + digit(path[i + 2])) : path[i];
    i += is_escape ? 2 : 0;
  }
  return plain;
}

/// The name of a part to which the list at @p list refers by @p reference.
std::string part_of(const std::string& list, const std::string& reference) {
  auto folder = list.substr(0, list.find_last_of('/') + 1);
  auto rest = unescaped(reference.substr(0, reference.find('#')));
  while (rest.starts_with("../") || rest.starts_with("./")) {
    const bool up = rest.starts_with("../");
    rest.erase(0, up ? 3 : 2);
    if (up && !folder.empty()) {
      folder.pop_back();
      folder.erase(folder.find_last_of('/') + 1);
    }
  }
  return folder + rest;
}

struct part {
  std::string name;
  std::string media_type;
  std::string properties;
};
using manifest = std::map<std::string, part>;

bool is_picture(const part& one) {
  return one.media_type.starts_with("image/");
}

/// EPUB 3 marks the cover among the parts, EPUB 2 names it in its metadata.
std::string cover_of(xmlNode* root, const manifest& parts) {
  for (const auto& [id, one] : parts)
    if (one.properties.find("cover-image") != std::string::npos)
      return one.name;
  std::string named;
  each(root, "meta", [&](xmlNode& meta) {
    if (const auto found = parts.find(attribute(meta, "content"));
        attribute(meta, "name") == "cover" && found != parts.end() && is_picture(found->second))
      named = found->second.name;
  });
  if (!named.empty())
    return named;
  for (const auto& [id, one] : parts)
    if (is_picture(one)
        && (id.find("cover") != std::string::npos || one.name.find("cover") != std::string::npos))
      return one.name;
  return {};
}

std::string first_text(xmlNode* root, std::string_view name) {
  std::string first;
  each(root, name, [&](xmlNode& node) {
    if (first.empty())
      first = taken(xmlNodeGetContent(&node)).substr(0, max_title_bytes);
  });
  return first;
}

// META-INF/encryption.xml lists what is encrypted; fonts are obscured in open books, too.
bool is_locked(const zip_package& package, const epub& book) {
  const auto list = package.read("META-INF/encryption.xml", max_list_bytes);
  return !list.empty() && std::any_of(book.chapters.begin(), book.chapters.end(), [&](auto& name) {
    return list.find("URI=\"" + name + '"') != std::string::npos;
  });
}

} // namespace

result<epub> read_epub(const zip_package& package) {
  std::string list;
  const auto container = parse(package.read("META-INF/container.xml", max_list_bytes));
  if (container)
    each(xmlDocGetRootElement(container.get()), "rootfile", [&](xmlNode& file) {
      if (list.empty())
        list = unescaped(attribute(file, "full-path"));
    });
  const auto tree = parse(package.read(list, max_list_bytes));
  auto* root = tree ? xmlDocGetRootElement(tree.get()) : nullptr;
  if (list.empty() || root == nullptr)
    return fail(errc::corrupt_media, "a book without a list of its parts");
  manifest parts;
  each(root, "item", [&](xmlNode& item) {
    parts[attribute(item, "id")] = {part_of(list, attribute(item, "href")),
                                    attribute(item, "media-type"), attribute(item, "properties")};
  });
  epub book;
  each(root, "itemref", [&](xmlNode& reference) {
    const auto found = parts.find(attribute(reference, "idref"));
    if (found != parts.end() && !is_picture(found->second) && book.chapters.size() < max_chapters)
      book.chapters.push_back(found->second.name);
  });
  book.cover = cover_of(root, parts);
  book.title = first_text(root, "title");
  book.author = first_text(root, "creator");
  file_facts words;
  words.language = first_text(root, "language");
  book.language = checked(std::move(words)).language;
  if (is_locked(package, book))
    return fail(errc::password_protected, "the text of the book is encrypted");
  return book;
}

std::string text_of_epub(const zip_package& package, const epub& book, const limits& max) {
  std::string text;
  for (const auto& chapter : book.chapters) {
    if (text.size() >= max.max_text_bytes)
      break;
    const auto room = static_cast<std::size_t>(max.max_text_bytes) - text.size();
    auto words = text_of_markup(package.read(chapter, max_chapter_bytes), room);
    if (!text.empty() && !words.empty())
      text += '\f';
    text += words;
  }
  return text;
}

} // namespace mediad::media
