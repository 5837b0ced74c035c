#define CAF_SUITE media_facts_containers

#include "media/facts/container_facts.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <string>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;

namespace {

using tags = std::map<std::string, std::string>;

nlohmann::json told(const tags& all, const facts_options& options = {}) {
  facts found;
  const auto tag = [&](const char* name) {
    const auto at = all.find(name);
    return at == all.end() ? std::string{} : at->second;
  };
  add_file_facts(found, container_facts(tag), options);
  return nlohmann::json::parse(found.text());
}

std::string place(std::string_view text) {
  const auto seen = parse_place(text);
  if (!seen)
    return "nowhere";
  const auto micro = [](double degrees) {
    return std::to_string(std::lround(degrees * 1'000'000));
  };
  return micro(seen->latitude) + " " + micro(seen->longitude);
}

} // namespace

CAF_TEST(a film of a phone tells its date with its offset and its place) {
  const auto seen = told({{"creation_time", "2024-05-01T10:34:56.000000Z"},
                          {"com.apple.quicktime.creationdate", "2024-05-01T12:34:56+0200"},
                          {"com.apple.quicktime.location.ISO6709", "+48.13713+011.57542+519.000/"},
                          {"com.apple.quicktime.make", "Lighthouse"},
                          {"com.apple.quicktime.model", "Model 1"}});
  CAF_CHECK_EQUAL(
    seen.dump(),
    R"({"camera":{"make":"Lighthouse","model":"Model 1"},"place":{"latitude":48.137,"longitude":11.575},"taken_at":"2024-05-01T10:34:56.000Z","zone":"+02:00"})");
}

CAF_TEST(the date of a container itself is in UTC) {
  const auto seen = told({{"creation_time", "2024-05-01T10:34:56.000000Z"},
                          {"com.apple.quicktime.creationdate", "soon"}});
  CAF_CHECK_EQUAL(seen.dump(), R"({"taken_at":"2024-05-01T10:34:56.000Z","zone":"+00:00"})");
}

CAF_TEST(the zero of a clock is no date) {
  const auto unix_zero = told({{"creation_time", "1970-01-01T00:00:00.000000Z"}});
  CAF_CHECK_EQUAL(unix_zero.dump(), "{}");
}

CAF_TEST(a song tells its title and who made it) {
  const auto seen = told({{"title", " Sea\tsong "}, {"artist", "Mia"}, {"author", "Ada"}});
  CAF_CHECK_EQUAL(seen.dump(), R"({"author":"Mia","title":"Seasong"})");
}

CAF_TEST(a place is read in degrees and in minutes and in seconds) {
  CAF_CHECK_EQUAL(place("+48.1371+011.5754/"), "48137100 11575400");
  CAF_CHECK_EQUAL(place("-33.8568+151.2153+004.000/"), "-33856800 151215300");
  CAF_CHECK_EQUAL(place("+4808.226+01134.524/"), "48137100 11575400");
  CAF_CHECK_EQUAL(place("+480813.56+0113431.44/"), "48137100 11575400");
  CAF_CHECK_EQUAL(place("+00-025/"), "0 -25000000");
  CAF_CHECK_EQUAL(place("+48.1371+011.5754"), "48137100 11575400");
  CAF_CHECK_EQUAL(place("+27.5916+086.5640+8850CRSWGS_84/"), "27591600 86564000");
}

CAF_TEST(what is no place is none) {
  for (const auto* text : {"", "/", "48.1+011.5/", "+48.1", "+48.1+11.5/", "+90.1+000.1/",
                           "+00+181/", "+00.000+000.000/", "+4x+011/", "+48.1+011.5 or so",
                           "++48+011/", "+nan+inf/", "+48e9+011/", "+480+011/", "+48081356+011/"})
    CAF_CHECK_EQUAL(place(text), "nowhere");
}

CAF_TEST(the settings round a place and hide it) {
  const tags all{{"location", "+48.137154+011.576124/"}};
  const auto by = [&](std::uint32_t decimals) {
    facts_options options;
    options.place_decimals = decimals;
    return told(all, options)["place"].dump();
  };
  CAF_CHECK_EQUAL(by(0), R"({"latitude":48.0,"longitude":12.0})");
  CAF_CHECK_EQUAL(by(1), R"({"latitude":48.1,"longitude":11.6})");
  CAF_CHECK_EQUAL(by(6), R"({"latitude":48.137154,"longitude":11.576124})");
  facts_options hidden;
  hidden.place = false;
  CAF_CHECK_EQUAL(told(all, hidden).dump(), R"({"place":null})");
  CAF_CHECK_EQUAL(told({}, hidden).dump(), "{}");
}

CAF_TEST(a place that rounds to nothing has no minus) {
  facts_options coarse;
  coarse.place_decimals = 0;
  const auto seen = told({{"location", "-00.1000-000.2000/"}}, coarse);
  CAF_CHECK_EQUAL(seen.dump(), R"({"place":{"latitude":0.0,"longitude":0.0}})");
}
