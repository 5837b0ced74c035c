#define CAF_SUITE media_text_guess

#include "media/text/guess.hpp"

#include "media/text/decoder.hpp"
#include "tests/media/text/sentences.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

std::string read(std::string_view bytes) {
  return to_utf8(decoded(bytes, guess_charset(bytes)));
}

// A name in an archive that was made on a system of this charset.
std::string read_name(std::string_view name, std::string_view charset) {
  const auto bytes = encoded(name, charset) + '\n';
  auto made = to_utf8(decoded(bytes, guess_charset_of_names(bytes)));
  made.pop_back();
  return made;
}

} // namespace

CAF_TEST(a byte order mark says it all) {
  CAF_CHECK_EQUAL(guess_charset("\xEF\xBB\xBFx"), "UTF-8");
  CAF_CHECK_EQUAL(guess_charset("\xFF\xFEx\0"s), "UTF-16LE");
  CAF_CHECK_EQUAL(guess_charset("\xFE\xFF\0x"s), "UTF-16BE");
  CAF_CHECK_EQUAL(guess_charset("\xFF\xFE\0\0x\0\0\0"s), "UTF-32LE");
  CAF_CHECK_EQUAL(guess_charset("\0\0\xFE\xFF\0\0\0x"s), "UTF-32BE");
}

CAF_TEST(ASCII is UTF - 8 whatever characters its pairs of bytes would make) {
  CAF_CHECK_EQUAL(guess_charset("Bush hid the facts"), "UTF-8");
  CAF_CHECK_EQUAL(guess_charset("a log line\0\0\0\0\nand another\n"s), "UTF-8");
  CAF_CHECK_EQUAL(guess_charset("\x1B[31mred\x1B[0m and ~{braces~}\n"), "UTF-8");
}

CAF_TEST(one bad byte does not make UTF - 8 another charset) {
  CAF_CHECK_EQUAL(guess_charset("Łódź \xFF Αθήνα"), "UTF-8");
  CAF_CHECK_EQUAL(guess_charset("これは日本語の\0テキストです。\n"s), "UTF-8");
}

CAF_TEST(a few letters of western Europe are what they are in Windows) {
  CAF_CHECK_EQUAL(read("un caf\xE9 au lait"), "un café au lait");
  CAF_CHECK_EQUAL(read("Gr\xFC\xDF\x65 \x80 5 \x96 caf\xE9"), "Grüße € 5 – café");
  CAF_CHECK_EQUAL(read("// \xA9 2001 Bj\xF6rn\nint x;\n"), "// © 2001 Björn\nint x;\n");
}

CAF_TEST(what ICU does not know is decoded only if there is a table of it) {
  CAF_CHECK(can_decode("windows-1252"));
  CAF_CHECK(can_decode("VISCII"));
  CAF_CHECK(!can_decode("GEORGIAN-PS"));
  CAF_CHECK_EQUAL(to_utf8(decoded("ng\xDF\xB6i", "VISCII")), "người");
  CAF_CHECK_EQUAL(to_utf8(decoded("\xBA\xFE \xA5x\xB5", "ISO-8859-16")), "șț „x”");
}

CAF_TEST(letters of Greece and Russia in the bytes of katakana are none) {
  CAF_CHECK_EQUAL(read(encoded("ΚΑΛΗΜΕΡΑ ΚΟΣΜΕ, ΤΙΜΗ 100 ΕΥΡΩ\n", "CP1253")),
                  "ΚΑΛΗΜΕΡΑ ΚΟΣΜΕ, ΤΙΜΗ 100 ΕΥΡΩ\n");
  CAF_CHECK_EQUAL(read(encoded("привет, мир! цена сто рублей\n", "KOI8-R")),
                  "привет, мир! цена сто рублей\n");
}

CAF_TEST(a name in an archive is read as the system that packed it wrote it) {
  for (const auto* charset : {"CP437", "CP850"})
    CAF_CHECK_EQUAL(read_name("Grüße/Müller.txt", charset), "Grüße/Müller.txt");
  CAF_CHECK_EQUAL(read_name("Müller.txt", "CP437"), "Müller.txt");
  CAF_CHECK_EQUAL(read_name("für/Müller.txt", "CP850"), "für/Müller.txt");
  for (const auto* charset : {"CP866", "CP1251"})
    CAF_CHECK_EQUAL(read_name("Документы/Отчёт.txt", charset), "Документы/Отчёт.txt");
  for (const auto* charset : {"CP932", "EUC-JP"})
    CAF_CHECK_EQUAL(read_name("写真/東京タワー.txt", charset), "写真/東京タワー.txt");
  CAF_CHECK_EQUAL(read_name("新建文件夹/照片.jpg", "GB18030"), "新建文件夹/照片.jpg");
  CAF_CHECK_EQUAL(read_name("合同.pdf", "GB18030"), "合同.pdf");
  CAF_CHECK_EQUAL(read_name("資料.pdf", "CP932"), "資料.pdf");
  CAF_CHECK_EQUAL(read_name("報告書.txt", "BIG5"), "報告書.txt");
  CAF_CHECK_EQUAL(read_name("señal mañana.txt", "CP850"), "señal mañana.txt");
  CAF_CHECK_EQUAL(read_name("新資料夾/報告書.txt", "BIG5"), "新資料夾/報告書.txt");
  CAF_CHECK_EQUAL(read_name("문서/보고서.txt", "CP949"), "문서/보고서.txt");
  CAF_CHECK_EQUAL(read_name("Zażółć/gęślą jaźń.txt", "CP852"), "Zażółć/gęślą jaźń.txt");
  CAF_CHECK_EQUAL(read_name("Έγγραφα/Αναφορά.txt", "CP737"), "Έγγραφα/Αναφορά.txt");
}
