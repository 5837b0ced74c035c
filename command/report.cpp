#include "command/report.hpp"

#include "command/print.hpp"

namespace mediad::command {

namespace {

void line(std::string_view verdict, std::string_view check, std::string_view detail) {
  std::string text{verdict};
  text += check;
  if (!detail.empty())
    text += ": " + std::string{detail};
  // Where the report goes is not what it is about: the exit status says the same.
  static_cast<void>(print(text + '\n'));
}

} // namespace

void report::section(std::string_view title) {
  line("", title, {});
}

void report::ok(std::string_view check, std::string_view detail) {
  ++checks_;
  line("  ok    ", check, detail);
}

void report::failed(std::string_view check, std::string_view reason) {
  ++checks_;
  ++failures_;
  line("  FAIL  ", check, reason);
}

void report::unwise(std::string_view check, std::string_view why) {
  ++checks_;
  line("  note  ", check, why);
}

void report::sum_up() {
  if (is_sound())
    line("", "All " + std::to_string(checks_) + " checks passed.", {});
  else
    line("", std::to_string(failures_) + " of " + std::to_string(checks_) + " checks failed.", {});
}

} // namespace mediad::command
