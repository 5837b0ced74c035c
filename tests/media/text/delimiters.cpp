#define CAF_SUITE media_text_delimiters

#include "media/text/delimiters.hpp"

#include <string>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::media;

namespace {

// The separator of a text that ends where it ends, or "none".
std::string separator_of(std::string_view text) {
  const char found = find_separator(text, false);
  return found == '\0' ? "none" : std::string{found};
}

} // namespace

CAF_TEST(the separator is the one that cuts every row alike) {
  CAF_CHECK_EQUAL(separator_of("name,age\nann,7\n"), ",");
  CAF_CHECK_EQUAL(separator_of("a;b;c\n1,5;2,5;3,5\n4;5;6\n"), ";");
  CAF_CHECK_EQUAL(separator_of("a;b\n1,5;2,5\n3,5;4,5\n"), ";");
  CAF_CHECK_EQUAL(separator_of("a\tb\n1, 2\t3\n"), "\t");
  CAF_CHECK_EQUAL(separator_of("a|b|c\n1|2|3\n"), "|");
  CAF_CHECK_EQUAL(separator_of("a,\"x;y;z\"\n1,2\n"), ",");
  CAF_CHECK_EQUAL(separator_of("a,b\r1,2\r3,4\r"), ",");
}

CAF_TEST(cells in quotes have line breaks and separators and quotes) {
  CAF_CHECK_EQUAL(separator_of("id,text\n1,\"two\nlines, \"\"quoted\"\"\n\nand a gap\"\n2,x\n"),
                  ",");
  CAF_CHECK_EQUAL(separator_of("\"a\";\"b\"\n\"1\n2\n3\";\"4\"\n\"5\";\"6\"\n"), ";");
}

CAF_TEST(a quote that never ends is a letter) {
  CAF_CHECK_EQUAL(separator_of("size,name\n1,\"big\n2,small\n3,tiny\n"), ",");
}

CAF_TEST(a first line may state the separator) {
  CAF_CHECK_EQUAL(separator_of("sep=;\na;b\n1;2\n"), ";");
  CAF_CHECK_EQUAL(separator_of("\xEF\xBB\xBFSEP=\t\r\na\tb\r\n"), "\t");
  CAF_CHECK_EQUAL(separator_of("\"sep=|\"\na|b\n"), "|");
  CAF_CHECK_EQUAL(separator_of("sep=;x\nand more\n"), "none");
}

CAF_TEST(rows of a title may stand above a table) {
  CAF_CHECK_EQUAL(separator_of("Sales of May\nmade by Ann\n\nname,count,sum\na,1,2\nb,3,4\n"), ",");
  CAF_CHECK_EQUAL(separator_of("Report;;\n\nname;count;sum\na;1;2\nb;3;4\n"), ";");
}

CAF_TEST(rows may lack cells or have more) {
  CAF_CHECK_EQUAL(separator_of("a,b,c\n1,2,3\n4,5\n6,7,8,9\n"), ",");
  CAF_CHECK_EQUAL(separator_of("a;b;c;d\n1;2\n3;4;5;6\n7;8;9\n"), ";");
  CAF_CHECK_EQUAL(separator_of("a,b,c\n1,2,3\n4,5,6\n7,8,9\nTotal,,18,\n"), ",");
}

CAF_TEST(prose and code and markup are no tables) {
  CAF_CHECK_EQUAL(separator_of("Dear Ann, hello.\nAll is well, Bob\n"), "none");
  CAF_CHECK_EQUAL(
    separator_of("One, two, three.\nOf these, none.\nSo it goes, and goes, on.\nEnd.\n"), "none");
  CAF_CHECK_EQUAL(separator_of("A line that a keeper wrote at night, and then another one.\n"
                               "So it went on until the morning came, when he put out the lamp.\n"
                               "Then he slept through the whole of the day, and nobody came.\n"),
                  "none");
  CAF_CHECK_EQUAL(separator_of("Name, Age\nAnn, 7\nBob, 5\n"), ",");
  CAF_CHECK_EQUAL(separator_of("int x;\nint y;\n"), "none");
  CAF_CHECK_EQUAL(separator_of("call(a, b);\nif (x) {\n\treturn f(a, b, c);\n}\nint y;\n"), "none");
  CAF_CHECK_EQUAL(separator_of("all:\n\tcc a.c\n\tcc b.c\nclean:\n\trm a\n"), "none");
  CAF_CHECK_EQUAL(separator_of("{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}\n"), "none");
  CAF_CHECK_EQUAL(separator_of("# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"), "none");
  CAF_CHECK_EQUAL(separator_of("one column\nonly\n"), "none");
  CAF_CHECK_EQUAL(separator_of(""), "none");
}

CAF_TEST(the last row of a text that goes on does not count) {
  CAF_CHECK_EQUAL(find_separator("a,b,c\n1,2,3\n4,5,6\n7", true), ',');
}
