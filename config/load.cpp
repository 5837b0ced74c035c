#include "config/load.hpp"

#include "config/option.hpp"
#include "config/toml_file.hpp"

#include <algorithm>
#include <string_view>

namespace mediad::config {

namespace {

constexpr std::string_view prefix = "MEDIAD_";

const option* find_option(std::string_view name) {
  const auto& all = all_options();
  const auto found =
    std::find_if(all.begin(), all.end(), [=](const option& o) { return o.name() == name; });
  return found != all.end() ? &*found : nullptr;
}

std::string keys_of(std::string_view section) {
  std::string out;
  for (const auto& o : all_options())
    if (o.section == section)
      out += (out.empty() ? "" : ", ") + o.key;
  return out;
}

std::string sections() {
  std::string out;
  std::string_view last;
  for (const auto& o : all_options()) {
    if (o.section != last)
      out += (out.empty() ? "" : ", ") + o.section;
    last = o.section;
  }
  return out;
}

std::string unknown(const assignment& a) {
  const auto dot = a.name.find('.');
  const auto section = a.name.substr(0, dot);
  const auto keys = keys_of(section);
  if (keys.empty() || dot == std::string::npos)
    return a.where + ": " + section + ": unknown section; allowed: " + sections();
  return a.where + ": " + a.name + ": unknown key; allowed in [" + section + "]: " + keys;
}

void apply(const assignment& a, loaded& out) {
  const auto* o = find_option(a.name);
  if (o == nullptr) {
    // A section that is there and empty.
    if (a.name.back() == '.' && !keys_of(a.name.substr(0, a.name.size() - 1)).empty())
      return;
    out.problems.push_back(unknown(a));
  } else if (!o->set(out.values, a.given)) {
    out.problems.push_back(a.where + ": " + a.name + ": " + to_toml(a.given)
                           + " is refused; allowed: " + o->allowed);
  } else {
    out.origins[a.name] = a.where;
  }
}

void apply_text(assignment a, std::string_view text, loaded& out) {
  if (const auto* o = find_option(a.name))
    a.given = o->from_text(text);
  apply(a, out);
}

void apply_file(const sources& from, loaded& out) {
  const auto file = from.file.value_or(default_file);
  std::error_code ignored;
  if (!from.file && !std::filesystem::exists(file, ignored))
    return;
  const auto read = read_toml(file);
  if (!read.problem.empty())
    out.problems.push_back(read.problem);
  for (const auto& a : read.assignments)
    apply(a, out);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

void apply_variable(const std::string& variable, const std::string& text, loaded& out) {
  const auto name = lower(variable.substr(prefix.size()));
  const auto split = name.find("__");
  if (split != std::string::npos)
    return apply_text({name.substr(0, split) + '.' + name.substr(split + 2), {}, variable}, text,
                      out);
  // Others may use the prefix too, but one underscore too few must not be a setting without effect.
  const auto section = name.substr(0, name.find('_'));
  const auto keys = keys_of(section);
  if (section.size() < name.size() && !keys.empty())
    out.problems.push_back(variable + ": not a setting; allowed: MEDIAD_"
                           + variable.substr(prefix.size(), section.size()) + "__KEY with one of "
                           + keys);
}

void apply_argument(const std::string& argument, loaded& out) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos) {
    out.problems.push_back("--set " + argument + ": not a setting; allowed: section.key=value");
    return;
  }
  const auto name = argument.substr(0, equals);
  apply_text({name, {}, "--set " + name}, std::string_view{argument}.substr(equals + 1), out);
}

} // namespace

loaded load(const sources& from) {
  loaded out;
  apply_file(from, out);
  for (const auto& [variable, text] : from.variables)
    apply_variable(variable, text, out);
  for (const auto& argument : from.assignments)
    apply_argument(argument, out);
  return out;
}

std::map<std::string, std::string> variables_in(const char* const* environment) {
  std::map<std::string, std::string> out;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry{*environment};
    const auto equals = entry.find('=');
    if (entry.substr(0, prefix.size()) == prefix && equals != std::string_view::npos)
      out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return out;
}

} // namespace mediad::config
