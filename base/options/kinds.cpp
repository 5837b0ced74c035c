#include "base/options/kinds.hpp"

#include <algorithm>

namespace mediad::options::detail {

notation plain_notation(range limits) {
  auto read = [](const value& v) {
    const auto* n = std::get_if<std::int64_t>(&v);
    return n != nullptr ? std::optional{*n} : std::nullopt;
  };
  auto from_text = [](std::string_view text) {
    const auto n = parse_number(text);
    return n ? value{*n} : value{std::string{text}};
  };
  return {"a whole number, " + std::to_string(limits.least) + ".." + std::to_string(limits.most),
          read, [](std::int64_t n) { return value{n}; }, from_text};
}

notation duration_notation(range milliseconds) {
  auto read = [](const value& v) {
    const auto* text = std::get_if<std::string>(&v);
    return text != nullptr ? parse_duration(*text) : std::nullopt;
  };
  return {"a duration in ms, s, m or h, \"" + format_duration(milliseconds.least) + "\"..\""
            + format_duration(milliseconds.most) + "\"",
          read, [](std::int64_t n) { return value{format_duration(n)}; }, text_from_text};
}

notation size_notation(range bytes) {
  auto read = [](const value& v) {
    const auto* text = std::get_if<std::string>(&v);
    return text != nullptr ? parse_size(*text) : std::nullopt;
  };
  return {"a size in B, KiB, MiB, GiB or TiB, \"" + format_size(bytes.least) + "\"..\""
            + format_size(bytes.most) + "\"",
          read, [](std::int64_t n) { return value{format_size(n)}; }, text_from_text};
}

std::optional<std::vector<std::int64_t>> read_numbers(const value& v, range each, range count) {
  const auto* all = std::get_if<std::vector<std::int64_t>>(&v);
  if (all == nullptr || !count.holds(static_cast<std::int64_t>(all->size())))
    return std::nullopt;
  if (!std::all_of(all->begin(), all->end(), [=](std::int64_t n) { return each.holds(n); }))
    return std::nullopt;
  if (std::adjacent_find(all->begin(), all->end(), std::greater_equal<>{}) != all->end())
    return std::nullopt;
  return *all;
}

std::optional<std::vector<std::string>> read_words(const value& given,
                                                   const std::vector<std::string>& words) {
  const auto* all = std::get_if<std::vector<std::string>>(&given);
  if (all == nullptr || all->empty())
    return std::nullopt;
  for (auto one = all->begin(); one != all->end(); ++one) {
    const auto known = std::find(words.begin(), words.end(), *one) != words.end();
    if (!known || std::find(all->begin(), one, *one) != one)
      return std::nullopt;
  }
  return *all;
}

std::optional<std::vector<std::string>> read_texts(const value& v) {
  if (const auto* one = std::get_if<std::string>(&v))
    return std::vector<std::string>{*one};
  if (const auto* all = std::get_if<std::vector<std::string>>(&v))
    return *all;
  const auto* numbers = std::get_if<std::vector<std::int64_t>>(&v);
  if (numbers != nullptr && numbers->empty())
    return std::vector<std::string>{};
  return std::nullopt;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& one : words)
    out += (out.empty() ? "" : ", ") + one;
  return out;
}

value numbers_from_text(std::string_view text) {
  std::vector<std::int64_t> out;
  for (const auto& one : split_list(text)) {
    const auto n = parse_number(one);
    if (!n)
      return std::string{text};
    out.push_back(*n);
  }
  return out;
}

value words_from_text(std::string_view text) {
  return split_list(text);
}

value flag_from_text(std::string_view text) {
  if (text == "true" || text == "false")
    return text == "true";
  return std::string{text};
}

value text_from_text(std::string_view text) {
  return std::string{text};
}

} // namespace mediad::options::detail
