#define CAF_SUITE config_pages

#include "config/pages.hpp"

#include "base/file.hpp"
#include "config/option.hpp"
#include "media/options.hpp"
#include "tests/members_of.hpp"
#include "tests/temp_root.hpp"

#include <fstream>
#include <set>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::config;

namespace {

std::string in_repository(const std::string& file) {
  const auto text = read_file(MEDIAD_SOURCE_DIR "/" + file, 1U << 20U);
  return text ? *text : "unreadable: " + text.error().detail;
}

} // namespace

CAF_TEST(the settings file in the repository is the one the program makes) {
  const auto kept = in_repository("config/mediad.toml") == default_toml();
  CAF_CHECK_EQUAL(kept ? "same" : "run: mediad config reference --toml >config/mediad.toml",
                  "same");
}

CAF_TEST(the reference page in the repository is the one the program makes) {
  const auto kept = in_repository("config/README.md") == reference_page();
  CAF_CHECK_EQUAL(kept ? "same" : "run: mediad config reference >config/README.md", "same");
}

CAF_TEST(the settings file sets every option to its default) {
  sources from;
  from.file = MEDIAD_SOURCE_DIR "/config/mediad.toml";
  const auto l = load(from);
  CAF_CHECK_EQUAL(l.problems, std::vector<std::string>{});
  CAF_CHECK_EQUAL(l.origins.size(), all_options().size());
  const settings defaults;
  for (const auto& o : all_options())
    CAF_CHECK_EQUAL(to_toml(o.get(l.values)), to_toml(o.get(defaults)));
}

CAF_TEST(no two options share a name and each section stands together and is explained) {
  std::set<std::string> names;
  std::set<std::string> sections;
  std::string last;
  for (const auto& o : all_options()) {
    CAF_CHECK(names.insert(o.name()).second);
    CAF_CHECK(o.section == last || sections.insert(o.section).second);
    CAF_CHECK(!about_section(o.section).empty());
    CAF_CHECK(!o.doc.empty() && o.doc.back() == '.');
    last = o.section;
  }
}

CAF_TEST(every member of the settings of a room has its option or is named here) {
  using tests::members_of;
  // min_free_bytes and user_quota_bytes, which main sets from storage's.
  constexpr std::size_t fixed_in_net = 2;
  // deadline, patience, finish_limit, idle_timeout.
  constexpr std::size_t fixed_in_early = 4;
  // at_most.
  constexpr std::size_t fixed_in_sweeper = 1;
  const auto of_media = media::all_options().size();
  const auto members = members_of<net::settings>() - fixed_in_net + members_of<storage::settings>()
                       + members_of<actors::processing_settings>()
                       + members_of<actors::lane_settings>() + members_of<actors::early_settings>()
                       - fixed_in_early + members_of<actors::sweeper_settings>() - fixed_in_sweeper
                       + members_of<actors::copier_settings>() + members_of<log::settings>();
  CAF_CHECK_EQUAL(all_options().size() - of_media, members);
  CAF_CHECK_EQUAL(members_of<actors::settings>(), 5u); // processing, lanes, early, sweeper, copier
  CAF_CHECK_EQUAL(members_of<settings>(), 5u);         // log, storage, actors, media, net
}

CAF_TEST(what is shown can be loaded and changes nothing) {
  sources from;
  from.file = MEDIAD_SOURCE_DIR "/config/mediad.toml";
  from.assignments = {"server.threads=9", "image.widths=100,200", "storage.root=/a \"b\""};
  const auto before = load(from);
  CAF_REQUIRE(before.problems.empty());
  const tests::temp_root folder;
  sources again;
  again.file = folder.path / "shown.toml";
  std::ofstream{*again.file} << show(before);
  const auto after = load(again);
  CAF_CHECK_EQUAL(after.problems, std::vector<std::string>{});
  for (const auto& o : all_options())
    CAF_CHECK_EQUAL(to_toml(o.get(after.values)), to_toml(o.get(before.values)));
}

CAF_TEST(what is shown says where a value comes from) {
  sources from;
  from.file = MEDIAD_SOURCE_DIR "/config/mediad.toml";
  from.assignments = {"server.threads=9"};
  const auto text = show(load(from));
  CAF_CHECK(text.find("threads = 9 # --set server.threads\n") != std::string::npos);
}
