#define CAF_SUITE media_job_facts

#include "media/job/facts.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <string>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::media;

CAF_TEST(no facts are an empty object) {
  CAF_CHECK_EQUAL(facts{}.text(), "{}");
}

CAF_TEST(facts keep the order in which they were added) {
  facts inner;
  inner.add("x", 0.5);
  facts found;
  found.add("width", 640U);
  found.add("alpha", false);
  found.add("codec", "av1");
  found.add("focus", inner);
  found.add_json("sides", "[1,2]");
  CAF_CHECK_EQUAL(found.text(),
                  R"({"width":640,"alpha":false,"codec":"av1","focus":{"x":0.5},"sides":[1,2]})");
}

CAF_TEST(facts go on where others ended) {
  facts more{facts{}.text()};
  more.add("pages", 2);
  facts still_more{more.text()};
  still_more.add("frames", 3);
  CAF_CHECK_EQUAL(still_more.text(), R"({"pages":2,"frames":3})");
}

CAF_TEST(what workers say is put together and later facts win) {
  CAF_CHECK_EQUAL(merged_facts(R"({"width":4,"pages":1})", R"({"pages":2,"title":"x"})"),
                  R"({"width":4,"pages":2,"title":"x"})");
}

CAF_TEST(a worker that says no object or nests for ever adds nothing) {
  constexpr std::size_t levels = 60'000; // as many as one packet holds
  const auto deep = R"({"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  for (const auto& said : {deep, std::string{"[1]"}, std::string{"{"}, std::string{}}) {
    CAF_CHECK_EQUAL(merged_facts(R"({"width":4})", said), R"({"width":4})");
    CAF_CHECK_EQUAL(merged_facts(said, R"({"width":4})"), R"({"width":4})");
  }
}

CAF_TEST(facts are JSON whatever a file says) {
  facts found;
  found.add("length", std::numeric_limits<double>::infinity());
  found.add("title", "a \"quoted\"\n\xFF title");
  const auto read = nlohmann::json::parse(found.text());
  CAF_CHECK_EQUAL(read["length"].is_null(), true);
  CAF_CHECK_EQUAL(read["title"].get<std::string>(), "a \"quoted\"\n\xEF\xBF\xBD title");
}
