#define CAF_SUITE media_text_charsets

#include "media/text/decoder.hpp"
#include "media/text/guess.hpp"
#include "tests/media/text/sentences.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::media;
using namespace mediad::tests;

namespace {

/// Prints a row for each language and charset, and counts those that are read right.
struct hit_table {
  std::size_t rows = 0;
  std::size_t hits = 0;

  void add(const sentences& some, std::string_view text, std::string_view charset) {
    const auto bytes = encoded(text, charset);
    const auto guessed = guess_charset(bytes);
    const bool is_hit = to_utf8(decoded(bytes, guessed)) == text;
    ++rows;
    hits += is_hit ? 1 : 0;
    CAF_MESSAGE((is_hit ? "hit   " : "MISS  ")
                << some.language << ", written in " << charset << ", read as " << guessed);
  }
};

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n') + 1);
}

constexpr std::array unicode{"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"};

} // namespace

CAF_TEST(every language is read right in every charset that it is met in) {
  hit_table table;
  for (const auto& some : all_sentences())
    for (const auto charset : some.charsets)
      table.add(some, some.text, charset);
  CAF_MESSAGE(table.hits << " of " << table.rows);
  CAF_CHECK_EQUAL(table.hits, table.rows);
}

CAF_TEST(one line is enough) {
  hit_table table;
  for (const auto& some : all_sentences())
    for (const auto charset : some.charsets)
      table.add(some, first_line(some.text), charset);
  CAF_MESSAGE(table.hits << " of " << table.rows);
  CAF_CHECK_EQUAL(table.hits, table.rows);
}

CAF_TEST(every form of Unicode is read right without its mark) {
  hit_table table;
  for (const auto& some : all_sentences())
    for (const auto* charset : unicode)
      for (const auto text : {some.text, first_line(some.text)})
        table.add(some, text, charset);
  CAF_CHECK_EQUAL(table.hits, table.rows);
}
