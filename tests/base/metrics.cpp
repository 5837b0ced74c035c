#define CAF_SUITE base_metrics

#include "base/metrics.hpp"

#include <stdexcept>
#include <thread>
#include <vector>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using mediad::metrics::registry;

namespace {

template <class Action>
bool is_refused(Action action) {
  try {
    action();
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

} // namespace

CAF_TEST(what was registered is told in its order with one head for all labels) {
  registry all;
  auto& open = all.add_gauge("mediad_connections", "Connections open now.");
  auto& good = all.add_counter("mediad_answers_total", "Answers.", {{"class", "2xx"}});
  auto& bad = all.add_counter("mediad_answers_total", "Answers.", {{"class", "4xx"}});
  open = 3;
  open.fetch_sub(1);
  good.fetch_add(7);
  bad.fetch_add(1);
  CAF_CHECK_EQUAL(all.to_text(), "# HELP mediad_connections Connections open now.\n"
                                 "# TYPE mediad_connections gauge\n"
                                 "mediad_connections 2\n"
                                 "# HELP mediad_answers_total Answers.\n"
                                 "# TYPE mediad_answers_total counter\n"
                                 "mediad_answers_total{class=\"2xx\"} 7\n"
                                 "mediad_answers_total{class=\"4xx\"} 1\n");
}

CAF_TEST(a value of a label cannot break its line) {
  registry all;
  all.add_gauge("mediad_part", "Part.", {{"part", "a\"b\\c\nd"}});
  CAF_CHECK_NOT_EQUAL(all.to_text().find(R"(mediad_part{part="a\"b\\c\nd"} 0)"), std::string::npos);
}

CAF_TEST(a number of bytes is told to the last byte up to a petabyte) {
  registry all;
  all.add_counter("mediad_bytes_total", "Bytes.").store(1'125'899'906'842'623);
  CAF_CHECK_NOT_EQUAL(all.to_text().find("mediad_bytes_total 1125899906842623\n"),
                      std::string::npos);
}

CAF_TEST(the same name and labels cannot be registered twice) {
  registry all;
  all.add_counter("mediad_x_total", "X.");
  CAF_CHECK(is_refused([&] { all.add_counter("mediad_x_total", "X."); }));
  CAF_CHECK(is_refused([&] { all.add_gauge("mediad_x_total", "X.", {{"a", "b"}}); }));
  CAF_CHECK(is_refused([&] { all.add_gauge("no name", "X."); }));
  CAF_CHECK(!is_refused([&] { all.add_counter("mediad_x_total", "X.", {{"a", "b"}}); }));
}

CAF_TEST(a reference stays good while others register and count) {
  registry all;
  auto& first = all.add_counter("mediad_first_total", "First.");
  std::vector<std::thread> others;
  for (int t = 0; t < 4; ++t)
    others.emplace_back([&all, &first, t] {
      for (int i = 0; i < 100; ++i) {
        all.add_gauge("mediad_many", "Many.", {{"n", std::to_string(t * 100 + i)}});
        first.fetch_add(1);
        static_cast<void>(all.to_text());
      }
    });
  for (auto& one : others)
    one.join();
  CAF_CHECK_EQUAL(first.load(), 400u);
  CAF_CHECK_EQUAL(all.value("mediad_first_total"), 400u);
  CAF_CHECK_EQUAL(all.value("mediad_unknown"), 0u);
}
