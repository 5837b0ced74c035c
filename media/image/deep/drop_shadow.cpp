#include "media/image/deep/drop_shadow.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

constexpr auto space = " \t\r\n"sv;
constexpr auto shadow = "feDropShadow"sv;

// Each becomes forty times as long; drawings have a few.
constexpr std::size_t max_shadows = 1000;

struct attribute {
  std::string_view name;
  std::string_view text; ///< `name="value"` as it stands in the file.
  std::string_view value;
};

/// A start tag: `<prefix:name attributes>`.
struct tag {
  std::string_view prefix; ///< The prefix with its colon, or empty.
  std::vector<attribute> attributes;
  bool is_closed = false; ///< It ends with `/>`.
  std::size_t end = 0;    ///< Behind it.

  std::string_view value(std::string_view name, std::string_view otherwise) const {
    for (const auto& a : attributes)
      if (a.name == name)
        return a.value;
    return otherwise;
  }
  /// Those with one of these names, as they stand in the file, each after a space.
  std::string copied(std::initializer_list<std::string_view> names) const {
    std::string all;
    for (const auto& a : attributes)
      if (std::find(names.begin(), names.end(), a.name) != names.end())
        all.append(" ").append(a.text);
    return all;
  }
};

// Reads the attributes of a tag from @p at on (XML 1.0, 3.1). Returns nothing if it has no end.
std::optional<tag> parse_attributes(std::string_view text, std::size_t at) {
  constexpr std::size_t max_tag_bytes = 4096;
  text = text.substr(0, std::min(text.size(), at + max_tag_bytes));
  tag found;
  for (;;) {
    at = text.find_first_not_of(space, at);
    if (at == std::string_view::npos)
      return std::nullopt;
    if (text[at] == '>' || text.substr(at, 2) == "/>") {
      found.is_closed = text[at] == '/';
      found.end = at + (found.is_closed ? 2 : 1);
      return found;
    }
    const auto name_end = text.find_first_of(" \t\r\n=", at);
    const auto quote = text.find_first_of("\"'", at);
    if (name_end == std::string_view::npos || quote == std::string_view::npos || quote < name_end)
      return std::nullopt;
    const auto close = text.find(text[quote], quote + 1);
    if (close == std::string_view::npos)
      return std::nullopt;
    found.attributes.push_back({text.substr(at, name_end - at), text.substr(at, close + 1 - at),
                                text.substr(quote + 1, close - quote - 1)});
    at = close + 1;
  }
}

// The tag at @p at, which is a `<`, if it is one of a drop shadow.
std::optional<tag> parse_shadow(std::string_view text, std::size_t at) {
  const auto end = text.find_first_of(" \t\r\n/>", at + 1);
  const auto name = text.substr(at + 1, std::min(end, text.size()) - at - 1);
  if (!name.ends_with(shadow))
    return std::nullopt;
  const auto prefix = name.substr(0, name.size() - shadow.size());
  if (!prefix.empty() && prefix.back() != ':')
    return std::nullopt;
  auto found = parse_attributes(text, at + 1 + name.size());
  if (found)
    found->prefix = prefix;
  return found;
}

// @param number tells the names that the parts get from those of other shadows.
std::string spelled_out(const tag& from, std::size_t number) {
  const auto name = [&](std::string_view part) {
    return "\"mediad-shadow-" + std::to_string(number) + "-" + std::string{part} + "\"";
  };
  const auto open = [&](std::string_view primitive) {
    return "<" + std::string{from.prefix} + std::string{primitive};
  };
  const auto where = from.copied({"x", "y", "width", "height", "color-interpolation-filters"});
  std::string all;
  // What goes in gets a name first: without an `in` it is what the primitive before has made.
  all += open("feOffset") + from.copied({"in"}) + " dx=\"0\" dy=\"0\" result=" + name("in") + "/>";
  all += open("feGaussianBlur") + where + " in=" + name("in") + " stdDeviation=\""
         + std::string{from.value("stdDeviation", "2")} + "\" result=" + name("blur") + "/>";
  all += open("feOffset") + where + " in=" + name("blur") + " dx=\""
         + std::string{from.value("dx", "2")} + "\" dy=\"" + std::string{from.value("dy", "2")}
         + "\" result=" + name("offset") + "/>";
  all += open("feFlood") + where + from.copied({"flood-color", "flood-opacity", "style", "class"})
         + " result=" + name("flood") + "/>";
  all += open("feComposite") + where + " in=" + name("flood") + " in2=" + name("offset")
         + " operator=\"in\" result=" + name("shadow") + "/>";
  all += open("feMerge") + where + from.copied({"result"}) + ">";
  all += open("feMergeNode") + " in=" + name("shadow") + "/>";
  all += open("feMergeNode") + " in=" + name("in") + "/>";
  all += "</" + std::string{from.prefix} + "feMerge>";
  return all;
}

// Behind the comment or other text that @p at begins, where a `<` begins no tag; @p at if none.
std::size_t after_other_text(std::string_view svg, std::size_t at) {
  for (const auto& [begin, end] :
       {std::pair{"<!--"sv, "-->"sv}, std::pair{"<![CDATA["sv, "]]>"sv}, std::pair{"<?"sv, "?>"sv}})
    if (svg.substr(at).starts_with(begin)) {
      const auto closed = svg.find(end, at + begin.size());
      return closed == std::string_view::npos ? svg.size() : closed + end.size();
    }
  return at;
}

} // namespace

std::string spell_out_drop_shadows(std::string_view svg) {
  std::string made;
  std::size_t copied = 0;
  std::size_t number = 0;
  if (svg.find(shadow) == std::string_view::npos)
    return std::string{svg};
  for (auto at = svg.find('<'); at != std::string_view::npos; at = svg.find('<', at)) {
    if (const auto after = after_other_text(svg, at); after != at) {
      at = after;
      continue;
    }
    const auto found = number < max_shadows ? parse_shadow(svg, at) : std::nullopt;
    if (!found) {
      ++at;
      continue;
    }
    auto end = found->end;
    if (!found->is_closed) { // what is within it moves, and nothing moves here
      const auto close = "</" + std::string{found->prefix} + std::string{shadow};
      const auto closing = svg.find(close, end);
      if (closing == std::string_view::npos)
        break;
      end = std::min(svg.find('>', closing), svg.size() - 1) + 1;
    }
    made.append(svg.substr(copied, at - copied)).append(spelled_out(*found, ++number));
    copied = at = end;
  }
  return made.append(svg.substr(copied));
}

} // namespace mediad::media
