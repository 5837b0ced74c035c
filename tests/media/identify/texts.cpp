#define CAF_SUITE media_identify_texts

#include "tests/media/identify/identified.hpp"

#include <random>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

constexpr auto plain = "document text/plain";

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

const std::string prose = "A line of a text that a keeper wrote at night, and then another one.\n";
const std::string table = "id,name\n1,a\n2,b\n3,c\n4,d\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(identify_text_tests, identified_fixture)

CAF_TEST(tables are told from prose and from code) {
  CAF_CHECK_EQUAL(identified("name,age\nann,7\n"), "document text/csv");
  CAF_CHECK_EQUAL(identified("name;age\r\n\"a;b\";7\r\n"), "document text/csv");
  CAF_CHECK_EQUAL(identified("name\tage\nann\t7\n"), "document text/tab-separated-values");
  CAF_CHECK_EQUAL(identified("Dear Ann, hello.\nAll is well, Bob\n"), "document text/plain");
  CAF_CHECK_EQUAL(identified("int x;\nint y;\n"), "document text/plain");
  CAF_CHECK_EQUAL(identified("{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}\n"), "document text/plain");
}

CAF_TEST(text is text in UTF - 8 and UTF - 16 and Latin - 1) {
  CAF_CHECK_EQUAL(identified("Zażółć gęślą jaźń"), "document text/plain");
  CAF_CHECK_EQUAL(identified("\xFF\xFEh\0i\0"s), "document text/plain");
  CAF_CHECK_EQUAL(identified("\xFE\xFF\0h\0i"s), "document text/plain");
  CAF_CHECK_EQUAL(identified("un caf\xE9 au lait"), "document text/plain");
}

CAF_TEST(one odd byte makes no text a binary file) {
  for (const char odd :
       {'\0', '\1', '\x0E', '\x1A', '\x7F', '\xFF', '\x80', '\xC3', '\a', '\b', '\v'})
    for (const std::size_t at : {std::size_t{0}, std::size_t{31}, prose.size()}) {
      auto text = prose;
      text.insert(at, 1, odd);
      CAF_CHECK_EQUAL(identified(text), plain);
      auto accented = "Grüße aus Łódź. " + prose;
      accented.insert(at, 1, odd);
      CAF_CHECK_EQUAL(identified(accented), plain);
    }
  for (const auto* odd : {"\x1A", "\a", "\xFF", "\xC3"})
    CAF_CHECK_EQUAL(identified(table + odd), "document text/csv");
  CAF_CHECK_EQUAL(identified(table + '\0'), "document text/csv");
}

CAF_TEST(what crashes and printers and terminals leave behind is in texts) {
  CAF_CHECK_EQUAL(identified(repeated("Log line 1\nLog line 2\0\0\0\0\nLog line 3\n"s, 12)), plain);
  CAF_CHECK_EQUAL(identified(repeated(prose, 100) + std::string(2000, '\0')), plain);
  CAF_CHECK_EQUAL(identified(repeated("N\bNA\bAM\bME\bE\n   ls - list\n", 10)), plain);
  CAF_CHECK_EQUAL(identified(repeated("Line one\a\nLine two\n", 10)), plain);
  CAF_CHECK_EQUAL(identified(repeated("one line\vand its next\n", 10)), plain);
  CAF_CHECK_EQUAL(identified(table + std::string(100, '\x1A')), "document text/csv");
}

CAF_TEST(rich text may have a mark or spaces or an odd byte before it) {
  for (const auto& before : {"\xEF\xBB\xBF"s, "\r\n  "s, "\0"s})
    CAF_CHECK_EQUAL(identified(before + "{\\rtf1 hello}"), "document application/rtf");
  CAF_CHECK_EQUAL(identified("A file begins with {\\rtf1 and so on.\n"), plain);
}

CAF_TEST(bytes by chance are no text) {
  std::mt19937 chance{7}; // NOLINT(cert-msc51-cpp,cert-msc32-c): the same in each run
  for (const std::size_t size : {64U, 1000U, 30'000U, 200'000U})
    for (const bool has_mark : {false, true}) {
      std::string bytes = has_mark ? "\xFF\xFE" : "";
      while (bytes.size() < size)
        bytes += static_cast<char>(chance());
      CAF_CHECK_EQUAL(identified(bytes), unknown_file);
    }
}

CAF_TEST(numbers and sound and grey pixels are no text) {
  std::string numbers;
  std::string sound;
  std::string grey;
  for (unsigned i = 0; i < 4000; ++i) {
    numbers += {static_cast<char>(i * 7), static_cast<char>(i / 37), '\0', '\0'};
    sound += {static_cast<char>(i * 31), static_cast<char>(i % 3 == 0 ? 0xFF : 0)};
    grey += static_cast<char>(0xC0 + (i / 16) % 0x40);
  }
  for (const auto& bytes : {numbers, sound, grey})
    CAF_CHECK_EQUAL(identified(bytes), unknown_file);
}

CAF_TEST(old charsets are text and their tables are tables) {
  CAF_CHECK_EQUAL(identified("\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0!\n"), plain);
  CAF_CHECK_EQUAL(
    identified("\x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\x82\xC5\x82\xB7\x81\x42\n"),
    plain);
  CAF_CHECK_EQUAL(
    identified("\x96\xBC\x91O,\x93s\x8Es,\x8B\xE0\x8Az\r\n"
               "\x91\xBE\x98Y,\x93\x8C\x8B\x9E,100\r\n\x89\xD4\x8Eq,\x91\xE5\x8D\xE3,200\r\n"),
    "document text/csv");
  CAF_CHECK_EQUAL(identified("\xFF\xFE\x18\x04;\0\x13\x04\n\0\x31\0;\0\x32\0\n\0"s),
                  "document text/csv");
  CAF_CHECK_EQUAL(identified("\xFF\xFE\0\0h\0\0\0i\0\0\0"s), plain);
}

CAF_TEST(tables as people write them are tables) {
  CAF_CHECK_EQUAL(identified("sep=;\na;b\n1;2\n"), "document text/csv");
  CAF_CHECK_EQUAL(identified("id,text\n1,\"two\nlines\"\n2,x\n"), "document text/csv");
  CAF_CHECK_EQUAL(identified("Sales of May\n\nname,count,sum\na,1,2\nb,3\nc,4,5\n"),
                  "document text/csv");
}

CAF_TEST(a letter torn by the end of the first piece does not matter) {
  CAF_CHECK_EQUAL(identified("x" + repeated("ż", 60'000)), "document text/plain");
}

CAF_TEST(bytes after a text that are no text make it none) {
  CAF_CHECK_EQUAL(identified("#!/bin/sh\n" + std::string(70'000, 'x') + std::string(70'000, '\0')),
                  "other application/octet-stream");
}

CAF_TEST(a playlist in disguise is text and never a film) {
  CAF_CHECK_EQUAL(identified("#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n"),
                  "document text/plain");
}

CAF_TEST_FIXTURE_SCOPE_END()
