#define CAF_SUITE media_document_text_pages

#include "media/document/text/pages.hpp"

#include "media/document/text/reader.hpp"
#include "media/document/text/table.hpp"
#include "tests/media/support/document_files.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

#ifdef __SANITIZE_ADDRESS__
// Fontconfig keeps the patterns of the fonts in use to the end; they do not grow with the pages.
extern "C" const char*
__lsan_default_suppressions(); // NOLINT(bugprone-reserved-identifier): its name
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig";
}
#endif

namespace {

constexpr auto plain = "text/plain";
constexpr auto csv = "text/csv";

struct text_fixture : document_fixture {
  text_fixture() {
    // No job of a text file may need LibreOffice.
    options.office.program = "/nonexistent";
  }

  static std::string repeated(std::string_view part, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
      all += part;
    return all;
  }

  static std::vector<std::string> rows_of(std::string_view text) {
    text_flow flow{10};
    flow.add(text);
    flow.finish();
    return std::move(flow).take_rows();
  }

  static std::vector<table_flow::record> records_of(std::string_view text) {
    table_flow flow{',', 10};
    flow.add(text);
    flow.finish();
    return std::move(flow).take_records();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(document_text_tests, text_fixture)

CAF_TEST(a table has a preview and page images and text without LibreOffice) {
  const auto file = sample("table.csv");
  const auto said = facts(job_kind::document_preview, csv, file);
  CAF_CHECK_EQUAL(said.dump(), R"({"pages":3})");
  const auto pages = run(job_kind::document_pages, csv, file).value();
  CAF_REQUIRE_EQUAL(pages.files.size(), 3u);
  const auto first = pages.files.front();
  CAF_CHECK_EQUAL(first.height, 1600u);
  CAF_CHECK_EQUAL(first.width, 1131u);
  CAF_CHECK(contains(text(csv, file), "Keeper 120,Helgoland,4440,\"row 120, quoted\"\n"));
}

CAF_TEST(a text has a preview and page images and its own text) {
  const auto file = sample("notes.txt");
  const auto pages = run(job_kind::document_pages, plain, file).value();
  CAF_CHECK_EQUAL(pages.files.size(), 2u);
  CAF_CHECK_EQUAL(pages.media, R"({"pages":2})");
  CAF_CHECK_EQUAL(text(plain, file), bytes_of(file));
}

CAF_TEST(pages of a text differ and are not blank) {
  static_cast<void>(run(job_kind::document_pages, plain, sample("notes.txt")).value());
  const auto first = bytes_of(output() / "page-1.webp");
  static_cast<void>(run(job_kind::document_pages, plain, write("blank.txt", "\n")).value());
  const auto blank = bytes_of(output() / "page-1.webp");
  CAF_CHECK(first != bytes_of(output() / "page-2.webp"));
  CAF_CHECK(first.size() > 10 * blank.size());
}

CAF_TEST(the pages of a table of a hundred thousand lines are counted) {
  const auto file =
    write("long.csv", "name,city,amount\n" + repeated("Keeper,Helgoland,4217\n", 100'000));
  const auto said = facts(job_kind::document_pages, csv, file);
  CAF_CHECK_EQUAL(said.dump(), R"({"pages":1852})"); // 54 records on each
}

CAF_TEST(the preview of a huge table does not read it to its end) {
  const auto file = write("huge.csv", "a,b\n" + repeated("1,2\n", 3'000'000));
  std::filesystem::resize_file(file, std::uint64_t{1} << 40U);
  CAF_CHECK_EQUAL(facts(job_kind::document_preview, csv, file).dump(), "{}");
}

CAF_TEST(a byte order mark and foreign ends of lines and control characters are gone) {
  const auto file = write("odd.txt", "\xEF\xBB\xBFone\r\ntwo\rthree\x01\x7F\x1B four\ttab");
  CAF_CHECK_EQUAL(text(plain, file), "one\ntwo\nthree four\ttab");
}

CAF_TEST(sixteen bit text of both orders becomes UTF8) {
  using namespace std::string_literals;
  const auto little = write("little.txt", "\xFF\xFEG\0r\0\xFC\0\xDF\0e\0=\xD8\xA2\xDE"s);
  const auto big = write("big.txt", "\xFE\xFF\0G\0r\0\xFC\0\xDF\0e\xD8=\xDE\xA2"s);
  CAF_CHECK_EQUAL(text(plain, little), "Grüße🚢");
  CAF_CHECK_EQUAL(text(plain, big), "Grüße🚢");
}

CAF_TEST(sixteen bit text without a mark is known by its zeros) {
  std::string bytes;
  for (const char c : std::string_view{"A long enough line of plain text.\n"})
    bytes.append({c, '\0'});
  CAF_CHECK_EQUAL(text(plain, write("bare.txt", bytes)), "A long enough line of plain text.\n");
}

CAF_TEST(what is not UTF8 is read as Windows 1252) {
  CAF_CHECK_EQUAL(text(plain, write("old.txt", "Gr\xFC\xDF\x65 \x80 5 \x96 caf\xE9")),
                  "Grüße € 5 – café");
}

CAF_TEST(one bad byte does not make UTF8 another encoding) {
  CAF_CHECK_EQUAL(text(plain, write("slip.txt", "Łódź \xFF Αθήνα")), "Łódź \xEF\xBF\xBD Αθήνα");
}

CAF_TEST(a character across two pieces stays whole) {
  text_decoder decoder{"UTF-8"};
  std::string made;
  for (const char byte : std::string_view{"a🚢é\xE2\x82"})
    decoder.add({&byte, 1}, made);
  decoder.finish(made);
  CAF_CHECK_EQUAL(made, "a🚢é\xEF\xBF\xBD");
}

CAF_TEST(a text over the limit is cut between characters) {
  options.limits.max_text_bytes = 1024;
  const auto cut = text(plain, write("long.txt", "a" + repeated("é", 2000)));
  CAF_CHECK_EQUAL(cut.size(), 1023u);
  CAF_CHECK_EQUAL(cut.substr(1021), "é");
}

CAF_TEST(a megabyte of characters without width is drawn and kept) {
  const auto zero_width = repeated("\u200B", 350'000);
  const auto file = write("zero.txt", "a" + zero_width + "b");
  CAF_CHECK_EQUAL(outcome(job_kind::document_pages, plain, file), "ok");
  CAF_CHECK_EQUAL(text(plain, file).size(), zero_width.size() + 2);
}

CAF_TEST(long lines break at spaces and a long word breaks anywhere) {
  const auto prose = rows_of(repeated("lighthouse ", 9));
  CAF_REQUIRE_EQUAL(prose.size(), 2u);
  CAF_CHECK_EQUAL(prose[1], "lighthouse ");
  const auto word = rows_of(std::string(text_flow::columns + 3, 'x'));
  CAF_REQUIRE_EQUAL(word.size(), 2u);
  CAF_CHECK_EQUAL(word[1], "xxx");
}

CAF_TEST(wide characters take two columns and tabs go to every eighth) {
  CAF_CHECK_EQUAL(rows_of(repeated("東", text_flow::columns / 2)).size(), 1u);
  CAF_CHECK_EQUAL(rows_of(repeated("東", text_flow::columns / 2 + 1)).size(), 2u);
  const auto tabbed = rows_of("a\tb");
  CAF_CHECK_EQUAL(tabbed.front(), "a       b");
}

CAF_TEST(a form feed starts a page) {
  text_flow flow{10};
  flow.add("one\ftwo\n\fthree");
  flow.finish();
  CAF_CHECK_EQUAL(flow.pages(), 3u);
}

CAF_TEST(quoted cells keep separators and quotes and lose their line breaks) {
  const auto records = records_of("a,\"b, \"\"c\"\"\nd\"\n\n\"\",e,\n");
  CAF_REQUIRE_EQUAL(records.size(), 2u);
  CAF_CHECK_EQUAL(records[0], (table_flow::record{"a", "b, \"c\" d"}));
  CAF_CHECK_EQUAL(records[1], (table_flow::record{"", "e", ""}));
}

CAF_TEST(a quote that never ends is one record of bounded size) {
  const auto records = records_of("\"" + std::string(1'000'000, 'x'));
  CAF_REQUIRE_EQUAL(records.size(), 1u);
  CAF_CHECK_EQUAL(records[0].at(0).size(), table_flow::max_cell_bytes);
}

CAF_TEST(a table has as many records in its own charset) {
  using namespace std::string_literals;
  const auto russian = write("ru.csv", "\xC8\xEC\xFF;\xC3\xEE\xF0\xEE\xE4\r\n"
                                       "\xC8\xE2\xE0\xED;\xCC\xEE\xF1\xEA\xE2\xE0\r\n"
                                       "\xCE\xEB\xFC\xE3\xE0;\xCA\xE0\xE7\xE0\xED\xFC\r\n");
  CAF_CHECK_EQUAL(text(csv, russian), "Имя;Город\nИван;Москва\nОльга;Казань\n");
  CAF_CHECK_EQUAL(facts(job_kind::document_preview, csv, russian).dump(), R"({"pages":1})");
}

CAF_TEST(a line that states the separator is no record and a title spans its table) {
  for (const auto* bytes : {"sep=;\na;b\n1;2\n", "A title of some length above it\n\na,b,c\n1,2\n"})
    CAF_CHECK_EQUAL(outcome(job_kind::document_pages, csv, write("people.csv", bytes)), "ok");
}

CAF_TEST(what a printer strikes twice is written once and a vertical tab ends a line) {
  CAF_CHECK_EQUAL(text(plain, write("man.txt", "N\bNA\bAM\bME\bE\n_\bls\vnext\n\x1A")),
                  "NAME\nls\nnext\n");
}

CAF_TEST(a log whose foreign letters come late is read by them) {
  const auto ascii = repeated("2026-11-29 all is well\n", 5000);
  const auto file = write("late.log", ascii
                                        + "\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0! "
                                          "\xDD\xF2\xEE \xE2\xF2\xEE\xF0\xE0\xFF.\n");
  CAF_CHECK(contains(text(plain, file), "Привет, мир! Это вторая.\n"));
}

CAF_TEST(a table with more columns than the paper holds is still drawn) {
  const auto row = repeated("a rather long cell,", 200) + "\n";
  CAF_CHECK_EQUAL(outcome(job_kind::document_pages, csv, write("wide.csv", repeated(row, 50))),
                  "ok");
}

CAF_TEST_FIXTURE_SCOPE_END()
