#define CAF_SUITE config_load

#include "config/load.hpp"

#include "config/option.hpp"
#include "tests/temp_root.hpp"

#include <algorithm>
#include <fstream>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::config;

namespace {

struct fixture : tests::temp_root {
  sources from;

  void write(const std::string& text) {
    from.file = path / "mediad.toml";
    std::ofstream{*from.file} << text;
  }

  /// The only problem there is, without the name of the temporary folder.
  std::string only_problem() const {
    const auto all = load(from).problems;
    if (all.size() != 1)
      return std::to_string(all.size()) + " problems";
    const auto folder = path.string() + '/';
    const auto at = all.front().find(folder);
    return at == 0 ? all.front().substr(folder.size()) : all.front();
  }

  bool complains_about(const std::string& start) const {
    const auto all = load(from).problems;
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& p) { return p.find(start) != std::string::npos; });
  }
};

const std::string allowed_threads = "; allowed: a whole number, 1..64";

} // namespace

CAF_TEST_FIXTURE_SCOPE(load_tests, fixture)

CAF_TEST(an empty file leaves every default) {
  write("");
  const auto l = load(from);
  CAF_CHECK(l.problems.empty());
  CAF_CHECK(l.origins.empty());
  const settings defaults;
  for (const auto& o : all_options())
    CAF_CHECK_EQUAL(to_toml(o.get(l.values)), to_toml(o.get(defaults)));
}

CAF_TEST(every kind of value reaches its member) {
  write(R"(
[server]
listen = "[::1]:9000"
threads = 7
max_header = "32KiB"
grace = "2m"
[storage]
root = "/srv/media"
[limits]
max_duration = "90s"
[image]
widths = [100, 200]
formats = ["webp"]
[video]
preset = "slow"
[log]
level = "error"
format = "json"
)");
  const auto l = load(from);
  CAF_REQUIRE(l.problems.empty());
  const std::vector<std::string> one_address{"[::1]:9000"};
  CAF_CHECK(l.values.net.listen == one_address);
  CAF_CHECK_EQUAL(l.values.net.threads, 7u);
  CAF_CHECK_EQUAL(l.values.net.max_header_bytes, 32u * 1024);
  CAF_CHECK(l.values.net.grace == std::chrono::minutes{2});
  CAF_CHECK(l.values.storage.root == "/srv/media");
  CAF_CHECK_EQUAL(l.values.media.limits.max_duration_s, 90.0);
  const std::vector<std::uint32_t> widths{100, 200};
  CAF_CHECK_EQUAL(l.values.media.image.widths, widths);
  const std::vector<std::string> formats{"webp"};
  CAF_CHECK_EQUAL(l.values.media.image.formats, formats);
  CAF_CHECK_EQUAL(l.values.media.video.preset, "slow");
  CAF_CHECK(l.values.log.threshold == log::level::error);
  CAF_CHECK(l.values.log.shape == log::format::json);
}

CAF_TEST(a command line goes before the environment and that before the file) {
  write("[server]\nthreads = 3\nmax_connections = 30\nuser = \"filed\"\n");
  from.variables = {{"MEDIAD_SERVER__THREADS", "4"}, {"MEDIAD_SERVER__MAX_CONNECTIONS", "40"}};
  from.assignments = {"server.threads=5"};
  const auto l = load(from);
  CAF_REQUIRE(l.problems.empty());
  CAF_CHECK_EQUAL(l.values.net.threads, 5u);
  CAF_CHECK_EQUAL(l.values.net.max_connections, 40u);
  CAF_CHECK_EQUAL(l.values.net.user, "filed");
  CAF_CHECK_EQUAL(l.origins.at("server.threads"), "--set server.threads");
  CAF_CHECK_EQUAL(l.origins.at("server.max_connections"), "MEDIAD_SERVER__MAX_CONNECTIONS");
  CAF_CHECK_EQUAL(l.origins.at("server.user"), from.file->string() + ":4");
}

CAF_TEST(the last of two equal assignments wins) {
  write("");
  from.assignments = {"server.threads=5", "server.threads=6"};
  CAF_CHECK_EQUAL(load(from).values.net.threads, 6u);
}

CAF_TEST(every option can be set to its default from the environment and from a command line) {
  write("");
  const settings defaults;
  for (const auto& o : all_options()) {
    auto text = to_toml(o.get(defaults));
    if (text.front() == '"')
      text = text.substr(1, text.size() - 2);
    from.variables[o.variable()] = text;
    from.assignments.push_back(o.name() + '=' + text);
  }
  const auto l = load(from);
  CAF_CHECK_EQUAL(l.problems, std::vector<std::string>{});
  CAF_CHECK_EQUAL(l.origins.size(), all_options().size());
}

CAF_TEST(an unknown key is reported with file and line and the keys there are) {
  write("[log]\n\nlevle = \"info\"\n");
  CAF_CHECK_EQUAL(only_problem(),
                  "mediad.toml:3: log.levle: unknown key; allowed in [log]: level, format");
}

CAF_TEST(an unknown section is reported even when it is empty) {
  write("[sever]\n");
  const auto l = load(from);
  CAF_REQUIRE_EQUAL(l.problems.size(), 1u);
  CAF_CHECK(
    complains_about("mediad.toml:1: sever: unknown section; allowed: server, auth, storage, "));
}

CAF_TEST(a key outside any section is reported) {
  write("listen = \"127.0.0.1:1\"\n");
  CAF_CHECK(complains_about("mediad.toml:1: listen: unknown section; allowed: server, "));
}

CAF_TEST(a number out of range is reported with the range) {
  write("[server]\nthreads = 65\n");
  CAF_CHECK_EQUAL(only_problem(), "mediad.toml:2: server.threads: 65 is refused" + allowed_threads);
}

CAF_TEST(a wrong unit is reported with the units there are) {
  write("[uploads]\npreview_wait = \"300\"\n");
  CAF_CHECK_EQUAL(only_problem(), "mediad.toml:2: uploads.preview_wait: \"300\" is refused; "
                                  "allowed: a duration in ms, s, m or h, "
                                  "\"0ms\"..\"30s\"");
}

CAF_TEST(a duration kept in seconds takes whole seconds only) {
  write("[document]\noffice_timeout = \"5500ms\"\n");
  CAF_CHECK(complains_about("mediad.toml:2: document.office_timeout: \"5500ms\" is refused"));
}

CAF_TEST(a list out of order or with a stranger in it is reported) {
  write("[image]\nwidths = [640, 320]\nformats = [\"webp\", \"gif\"]\n");
  CAF_CHECK(complains_about("mediad.toml:2: image.widths: [640, 320] is refused"));
  CAF_CHECK(complains_about("mediad.toml:3: image.formats: [\"webp\", \"gif\"] is refused"));
}

CAF_TEST(a word twice in a list is reported) {
  write("[image]\nformats = [\"webp\", \"webp\"]\n");
  CAF_CHECK(complains_about("mediad.toml:2: image.formats"));
}

CAF_TEST(several addresses are a list and one may stand alone) {
  const std::vector<std::string> two{"127.0.0.1:1", "unix:/run/a.sock"};
  const std::vector<std::string> one{"127.0.0.1:1"};
  write(
    "[server]\nlisten = [\"127.0.0.1:1\", \"unix:/run/a.sock\"]\ntls_listen = \"127.0.0.1:1\"\n");
  CAF_CHECK(load(from).values.net.listen == two);
  CAF_CHECK(load(from).values.net.tls_listen == one);
  write("");
  from.assignments = {"server.listen=127.0.0.1:1,unix:/run/a.sock"};
  CAF_CHECK(load(from).values.net.listen == two);
  from.assignments = {"server.listen=[]"};
  CAF_CHECK(load(from).values.net.listen.empty());
}

CAF_TEST(what is no mode of a file is refused) {
  write("");
  for (const std::string mode : {"", "66", "0668", "rw", "1777"}) {
    from.assignments = {"server.socket_mode=" + mode};
    CAF_CHECK(complains_about("server.socket_mode"));
  }
}

CAF_TEST(an address that others can reach is one and what is no address is refused) {
  write("");
  from.assignments = {"server.listen=0.0.0.0:8080"};
  CAF_CHECK(load(from).problems.empty());
  from.assignments = {"server.listen=everywhere"};
  CAF_CHECK(complains_about("--set server.listen: server.listen: [\"everywhere\"] is refused"));
}

CAF_TEST(a user name that is no safe folder name is refused) {
  write("");
  for (const std::string user : {"", "..", "a/b", "A", "-a"}) {
    from.assignments = {"server.user=" + user};
    CAF_CHECK(complains_about("server.user"));
  }
}

CAF_TEST(all mistakes of all sources are reported at once) {
  write("[server]\nthreads = 0\nport = 80\n[log]\nlevel = true\n");
  from.variables = {{"MEDIAD_LANES__PREVIEW", "many"}, {"MEDIAD_LANE__PREVIEW", "1"}};
  from.assignments = {"processing.max_attempts=11", "nonsense"};
  const auto found = load(from).problems.size();
  CAF_CHECK_EQUAL(found, 7u);
  CAF_CHECK(complains_about("mediad.toml:2: server.threads: 0 is refused"));
  CAF_CHECK(complains_about("mediad.toml:3: server.port: unknown key"));
  CAF_CHECK(complains_about("mediad.toml:5: log.level: true is refused"));
  CAF_CHECK(
    complains_about("MEDIAD_LANES__PREVIEW: lanes.preview: \"many\" is refused" + allowed_threads));
  CAF_CHECK(complains_about("MEDIAD_LANE__PREVIEW: lane: unknown section"));
  CAF_CHECK(
    complains_about("--set processing.max_attempts: processing.max_attempts: 11 is refused"));
  CAF_CHECK(complains_about("--set nonsense: not a setting"));
}

CAF_TEST(a variable with one underscore too few is reported and others with the prefix are not ) {
  write("");
  from.variables = {{"MEDIAD_SERVER_LISTEN", "127.0.0.1:1"}};
  CAF_CHECK(complains_about("MEDIAD_SERVER_LISTEN: not a setting; allowed: MEDIAD_SERVER__KEY"));
  from.variables = {{"MEDIAD_TEST_MEDIA", "x"}, {"MEDIAD_", "x"}};
  CAF_CHECK(load(from).problems.empty());
}

CAF_TEST(a flag is a boolean in TOML and its word everywhere else) {
  write("[sandbox]\nrequired = true\n");
  CAF_CHECK(load(from).values.media.sandbox.required);
  from.variables = {{"MEDIAD_SANDBOX__REQUIRED", "false"}};
  CAF_CHECK(!load(from).values.media.sandbox.required);
  write("[sandbox]\nrequired = 1\n");
  CAF_CHECK(complains_about("sandbox.required: 1 is refused; allowed: true or false"));
}

CAF_TEST(a file that is not TOML is reported with its line) {
  write("[server]\nthreads = = 3\n");
  CAF_CHECK(complains_about("mediad.toml:2: not TOML: "));
}

CAF_TEST(a named file that is not there is reported) {
  from.file = path / "absent.toml";
  CAF_CHECK(complains_about("absent.toml: cannot be read: "));
}

CAF_TEST(only variables with the prefix are taken from the environment) {
  const std::array<const char*, 4> environment{"PATH=/bin", "MEDIAD_LOG__LEVEL=a=b", "MEDIADX=1",
                                               nullptr};
  const std::map<std::string, std::string> expected{{"MEDIAD_LOG__LEVEL", "a=b"}};
  CAF_CHECK_EQUAL(variables_in(environment.data()), expected);
}

CAF_TEST_FIXTURE_SCOPE_END()
