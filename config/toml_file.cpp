#include "config/toml_file.hpp"

#include "base/file.hpp"

#include <sstream>
#include <toml++/toml.h>
#include <utility>

namespace mediad::config {

namespace {

using options::unsupported;
using options::value;

// Larger by far than every option with its comment.
constexpr std::size_t max_file_bytes = 1U << 20U;

std::string place(const std::filesystem::path& file, const toml::source_region& source) {
  return file.string() + ':' + std::to_string(source.begin.line);
}

template <class Element, class Out>
std::optional<value> convert_all(const toml::array& array) {
  std::vector<Out> out;
  for (const auto& node : array) {
    const auto* one = node.as<Element>();
    if (one == nullptr)
      return std::nullopt;
    out.push_back(one->get());
  }
  return out;
}

value convert(const toml::node& node) {
  if (const auto* text = node.as_string())
    return text->get();
  if (const auto* number = node.as_integer())
    return number->get();
  if (const auto* array = node.as_array()) {
    if (auto numbers = convert_all<std::int64_t, std::int64_t>(*array))
      return *numbers;
    if (auto words = convert_all<std::string, std::string>(*array))
      return *words;
    return unsupported{"a mixed list"};
  }
  if (const auto* boolean = node.as_boolean())
    return boolean->get();
  if (node.is_table())
    return unsupported{"a table"};
  return unsupported{node.is_floating_point() ? "a number with a point" : "a date or time"};
}

} // namespace

toml_file read_toml(const std::filesystem::path& file) {
  toml_file out;
  const auto text = read_file(file, max_file_bytes);
  if (!text) {
    out.problem = file.string() + ": cannot be read: " + text.error().detail;
    return out;
  }
  try {
    const auto root = toml::parse(*text, file.string());
    for (const auto& [section, node] : root) {
      const auto* table = node.as_table();
      if (table == nullptr) {
        out.assignments.push_back(
          {std::string{section.str()}, convert(node), place(file, node.source())});
        continue;
      }
      // A section without keys is still worth a word if there is no such section.
      if (table->empty())
        out.assignments.push_back(
          {std::string{section.str()} + '.', unsupported{""}, place(file, node.source())});
      for (const auto& [key, one] : *table)
        out.assignments.push_back({std::string{section.str()} + '.' + std::string{key.str()},
                                   convert(one), place(file, one.source())});
    }
  } catch (const toml::parse_error& e) {
    out.problem = place(file, e.source()) + ": not TOML: " + std::string{e.description()};
  }
  return out;
}

} // namespace mediad::config
