#include "media/document/package/markup_text.hpp"

#include <algorithm>
#include <array>
#include <libxml/HTMLparser.h>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

constexpr std::array blocks{
  "p"sv,      "div"sv,    "br"sv,         "h1"sv,     "h2"sv,        "h3"sv,      "h4"sv,
  "h5"sv,     "h6"sv,     "li"sv,         "ul"sv,     "ol"sv,        "tr"sv,      "table"sv,
  "pre"sv,    "hr"sv,     "dl"sv,         "dt"sv,     "dd"sv,        "section"sv, "article"sv,
  "header"sv, "footer"sv, "blockquote"sv, "figure"sv, "figcaption"sv};
constexpr std::array hidden{"head"sv, "script"sv, "style"sv, "svg"sv, "math"sv};

template <std::size_t Count>
bool is_among(const std::array<std::string_view, Count>& names, const xmlChar* name) {
  const std::string_view word{reinterpret_cast<const char*>(name)};
  return std::find(names.begin(), names.end(), word) != names.end();
}

/// The text while the parser hands on what it meets.
class collected {
public:
  explicit collected(std::size_t max_bytes) : max_bytes_{max_bytes} {}

  void begin(const xmlChar* name) {
    hidden_ += is_among(hidden, name) ? 1 : 0;
    if (is_among(blocks, name))
      end_line();
  }
  void end(const xmlChar* name) {
    hidden_ -= is_among(hidden, name) && hidden_ > 0 ? 1 : 0;
    if (is_among(blocks, name))
      end_line();
  }
  void add(std::string_view words) {
    if (hidden_ > 0)
      return;
    for (const char c : words) {
      const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (is_space)
        is_space_due_ = !text_.empty() && text_.back() != '\n';
      else
        put(c);
    }
  }
  std::string take() && {
    end_line();
    return std::move(text_);
  }

private:
  void put(char c) {
    if (text_.size() + 2 >= max_bytes_)
      return;
    if (is_space_due_)
      text_ += ' ';
    is_space_due_ = false;
    text_ += c;
  }
  void end_line() {
    is_space_due_ = false;
    if (!text_.empty() && text_.back() != '\n' && text_.size() < max_bytes_)
      text_ += '\n';
  }

  std::size_t max_bytes_;
  std::string text_;
  int hidden_ = 0;
  bool is_space_due_ = false;
};

collected& all(void* context) {
  return *static_cast<collected*>(context);
}

htmlSAXHandler handler() {
  htmlSAXHandler made{};
  made.startElement = [](void* context, const xmlChar* name, const xmlChar**) {
    all(context).begin(name);
  };
  made.endElement = [](void* context, const xmlChar* name) {
    all(context).end(name);
  };
  made.characters = [](void* context, const xmlChar* words, int count) {
    all(context).add({reinterpret_cast<const char*>(words), static_cast<std::size_t>(count)});
  };
  made.ignorableWhitespace = made.characters;
  made.cdataBlock = made.characters;
  return made;
}

} // namespace

std::string text_of_markup(std::string_view markup, std::size_t max_bytes) {
  collected text{max_bytes};
  auto calls = handler();
  // The parser takes the size as an int; books are cut into parts of some 100 KiB.
  constexpr std::size_t piece_bytes = 1U << 20U;
  auto* parser =
    htmlCreatePushParserCtxt(&calls, &text, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8);
  if (parser == nullptr)
    return {};
  htmlCtxtUseOptions(parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING
                               | HTML_PARSE_RECOVER);
  for (auto rest = markup; !rest.empty();) {
    const auto piece = rest.substr(0, piece_bytes);
    if (htmlParseChunk(parser, piece.data(), static_cast<int>(piece.size()), 0) != 0
        && parser->disableSAX != 0)
      break;
    rest.remove_prefix(piece.size());
  }
  htmlParseChunk(parser, nullptr, 0, 1);
  htmlFreeParserCtxt(parser);
  return std::move(text).take();
}

} // namespace mediad::media
