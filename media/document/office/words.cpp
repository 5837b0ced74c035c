#include "media/document/office/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mediad::media::office {
namespace {

using namespace std::string_view_literals;

template <std::size_t Count>
bool is_among(std::string_view name, const std::array<std::string_view, Count>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array runs{"w:t"sv, "a:t"sv, "m:t"sv, "c:v"sv};
constexpr std::array paragraphs{"w:p"sv, "a:p"sv, "c:pt"sv, "text:p"sv, "text:h"sv};
constexpr std::array cells{"w:tc"sv, "a:tc"sv, "table:table-cell"sv};
constexpr std::array rows{"w:tr"sv, "a:tr"sv, "table:table-row"sv};
constexpr std::array breaks{"w:br"sv, "w:cr"sv, "a:br"sv, "text:line-break"sv};

// Properties, where a tab is a stop and no tab; what was moved away; what an older program shows;
// the numbers behind a chart; what OpenDocument says about its text and does not show.
constexpr std::array hidden{"w:pPr"sv,
                            "w:rPr"sv,
                            "w:moveFrom"sv,
                            "mc:Fallback"sv,
                            "c:numCache"sv,
                            "office:annotation"sv,
                            "text:tracked-changes"sv,
                            "presentation:notes"sv,
                            "office:forms"sv};

} // namespace

void words::add(package& file, const std::string& part) {
  skipped_ = in_words_ = 0;
  within_ = 1;
  file.read(part, {[this](const element& now) { begin(now); },
                   [this](const std::string& name) { end(name); },
                   [this](std::string_view text) {
                     if (in_words_ > 0 && skipped_ == 0)
                       write(text);
                   }});
  end_with('\n');
}

void words::add_open(package& file, const std::string& part, std::string_view within) {
  skipped_ = in_words_ = 0;
  within_ = within.empty() ? 1 : 0;
  file.read(part, {[&](const element& now) {
                     within_ += now.name == within ? 1 : 0;
                     begin_open(now);
                   },
                   [&](const std::string& name) {
                     end(name);
                     within_ -= name == within ? 1 : 0;
                   },
                   [this](std::string_view text) {
                     if (in_words_ > 0 && skipped_ == 0 && within_ > 0)
                       write_spaced(text);
                   }});
  end_with('\n');
}

void words::begin(const element& now) {
  if (skipped_ > 0 || is_among(now.name, hidden)) {
    ++skipped_;
    return;
  }
  if (is_among(now.name, runs))
    ++in_words_;
  else if (now.name == "w:tab" || now.name == "w:ptab")
    write("\t");
  else if (is_among(now.name, breaks))
    write(now.attribute("type") == "page" ? "\f" : "\n");
  else if (now.name == "w:noBreakHyphen")
    write("\u2011");
  else if (now.name == "w:txbxContent") // a box inside of a paragraph
    end_with('\n');
}

void words::begin_open(const element& now) {
  if (skipped_ > 0 || is_among(now.name, hidden)) {
    ++skipped_;
    return;
  }
  if (now.name == "draw:page")
    end_page();
  if (within_ == 0)
    return;
  if (now.name == "text:p" || now.name == "text:h") {
    ++in_words_;
    after_space_ = true;
    if (in_words_ > 1) // a box inside of a paragraph
      end_with('\n');
  } else if (now.name == "text:tab") {
    write("\t");
  } else if (is_among(now.name, breaks)) {
    write("\n");
  } else if (now.name == "text:s") {
    constexpr int most = 1000;
    const auto said = now.attribute("c");
    int count = 1;
    std::from_chars(said.data(), said.data() + said.size(), count);
    write(std::string(static_cast<std::size_t>(std::clamp(count, 0, most)), ' '));
  }
}

void words::end(const std::string& name) {
  if (skipped_ > 0) {
    --skipped_;
    return;
  }
  if (is_among(name, runs) || name == "text:p" || name == "text:h")
    in_words_ -= std::min<std::size_t>(in_words_, 1);
  if (within_ == 0)
    return;
  if (is_among(name, paragraphs)) {
    if (pending_ == '\n') // an empty one
      put({});
    end_with('\n');
  } else if (is_among(name, cells)) {
    pending_ = '\t';
  } else if (is_among(name, rows)) {
    pending_ = '\n';
  }
}

void words::write(std::string_view text) {
  if (text.empty())
    return;
  put(text);
  after_space_ = text.back() == '\n';
}

void words::write_spaced(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!is_space || !after_space_)
      made += is_space ? ' ' : c;
    after_space_ = is_space;
  }
  if (!made.empty())
    put(made);
}

// Writes what is pending, and the text.
void words::put(std::string_view text) {
  if (is_full())
    return;
  if (pending_ != 0 && !text_.empty())
    text_ += pending_;
  pending_ = 0;
  text_ += text;
}

void words::end_with(char separator) {
  if (!text_.empty() && pending_ != '\f')
    pending_ = separator;
}

void words::end_page() {
  if (!text_.empty())
    pending_ = '\f';
}

std::string words::take() && {
  if (!text_.empty() && !is_full())
    text_ += '\n';
  return std::move(text_);
}

} // namespace mediad::media::office
