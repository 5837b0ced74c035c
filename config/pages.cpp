#include "config/pages.hpp"

#include "config/option.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mediad::config {

namespace {

constexpr std::string_view toml_head =
  "# Settings of mediad: every option with its default. Each line may be left out.\n"
  "#\n"
  "# The same options can be given as MEDIAD_SECTION__KEY in the environment and as\n"
  "# --set section.key=value; --set goes before the environment, the environment before this "
  "file.\n"
  "# `mediad config check` reports every mistake, `mediad config show` what is in force.\n"
  "# This file is made by `mediad config reference --toml`.\n";

constexpr std::string_view page_head =
  "# Configuration\n"
  "\n"
  "Made by `mediad config reference` from the rows in `config/options.cpp` and "
  "`media/options.cpp`; a "
  "test keeps it in step.\n"
  "\n"
  "An option is looked for in four places; the first that has it wins:\n"
  "\n"
  "1. `--set section.key=value`, as often as needed\n"
  "2. the environment, `MEDIAD_SECTION__KEY=value`\n"
  "3. the file named by `--config`, else `config/mediad.toml` where the server starts, if it is "
  "there\n"
  "4. the default\n"
  "\n"
  "In the file texts, durations and sizes stand in quotes; in the other two places they do not, "
  "and lists are\n"
  "written `320,640,1280`. `mediad config check` reports every mistake with file, line, key and "
  "what is allowed,\n"
  "and ends with 2; so does the server instead of starting. `mediad config show` prints what is in "
  "force and where\n"
  "it came from.\n";

template <class Each>
std::string by_section(Each each, std::string (*open)(const std::string&)) {
  std::string out;
  std::string_view last;
  for (const auto& o : all_options()) {
    if (o.section != last)
      out += open(o.section);
    last = o.section;
    out += each(o);
  }
  return out;
}

std::string head_of_table(const std::string& section) {
  return "\n## " + section + "\n\n" + std::string{about_section(section)}
         + "\n\n| Key | Default | Allowed | What it is |\n| --- | --- | --- | --- |\n";
}

std::string head_of_section(const std::string& section) {
  return "\n[" + section + "] # " + std::string{about_section(section)} + "\n";
}

std::string plain_head(const std::string& section) {
  return "\n[" + section + "]\n";
}

} // namespace

std::string default_toml() {
  const settings defaults;
  return std::string{toml_head}
         + by_section(
           [&](const option& o) {
             return "# " + o.doc + "\n# Allowed: " + o.allowed + ".\n" + o.key + " = "
                    + to_toml(o.get(defaults)) + "\n";
           },
           head_of_section);
}

std::string reference_page() {
  const settings defaults;
  return std::string{page_head}
         + by_section(
           [&](const option& o) {
             return "| `" + o.key + "` | `" + to_toml(o.get(defaults)) + "` | " + o.allowed + " | "
                    + o.doc + " |\n";
           },
           head_of_table);
}

std::string show(const loaded& l) {
  const auto text = by_section(
    [&](const option& o) {
      const auto origin = l.origins.find(o.name());
      return o.key + " = " + to_toml(o.get(l.values))
             + (origin != l.origins.end() ? " # " + origin->second : "") + "\n";
    },
    plain_head);
  return text.substr(1);
}

std::string_view about_section(std::string_view section) {
  using entry = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<entry, 17> about{{
    {"server", "Connections."},
    {"auth", "Who may be whom."},
    {"storage", "Where everything is kept."},
    {"uploads", "What may come in."},
    {"processing", "How often and how fast a file is worked on."},
    {"lanes", "Worker processes: the preview lane never waits for the batch lane."},
    {"events", "What listeners are told over WebSocket and event streams."},
    {"limits", "What is refused before it is decoded."},
    {"preview", "The small picture of every file that has one."},
    {"image", "What is made of pictures."},
    {"video", "What is made of videos."},
    {"audio", "What is made of sound."},
    {"document", "What is made of documents."},
    {"archive", "The ZIP of a file and all that was made of it."},
    {"facts", "What records tell of where and how files came about."},
    {"sandbox", "What surrounds each job, so that a hostile file harms nobody."},
    {"log", "What the server says about itself."},
  }};
  const auto* found =
    std::find_if(about.begin(), about.end(), [=](const entry& e) { return e.first == section; });
  return found != about.end() ? found->second : std::string_view{};
}

} // namespace mediad::config
