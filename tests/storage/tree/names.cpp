#define CAF_SUITE storage_tree_names

#include "storage/tree/names.hpp"

#include "base/user_name.hpp"

#include <caf/test/unit_test.hpp>

using mediad::is_user_name;
using namespace mediad::storage;

CAF_TEST(an ordinary name stays as it is) {
  CAF_CHECK_EQUAL(clean_name("Strand – Öland (1).jpg"), "Strand – Öland (1).jpg");
}

CAF_TEST(slashes and control characters are removed) {
  CAF_CHECK_EQUAL(clean_name("../../etc/passwd"), "....etcpasswd");
  CAF_CHECK_EQUAL(clean_name(std::string{"a\0b\nc\x7f\x1b[0m", 10}), "abc[0m");
}

CAF_TEST(names that mean folders or nothing become unnamed) {
  CAF_CHECK_EQUAL(clean_name(""), "unnamed");
  CAF_CHECK_EQUAL(clean_name("."), "unnamed");
  CAF_CHECK_EQUAL(clean_name(".."), "unnamed");
  CAF_CHECK_EQUAL(clean_name("/./"), "unnamed");
  CAF_CHECK_EQUAL(clean_name("\n\t"), "unnamed");
}

CAF_TEST(marks that turn text around are removed) {
  CAF_CHECK_EQUAL(clean_name("photo\u202egpj.exe"), "photogpj.exe");
}

CAF_TEST(bytes that are no UTF8 become the replacement character) {
  CAF_CHECK_EQUAL(clean_name("f\xfcr.jpg"), "f\uFFFDr.jpg");
  CAF_CHECK_EQUAL(clean_name("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");
}

CAF_TEST(a name from a Mac is composed) {
  CAF_CHECK_EQUAL(clean_name("O\u0308land.jpg"), "Öland.jpg");
}

CAF_TEST(what a name cannot have is told and what NFC changes is fine) {
  for (const auto* fine : {"Strand – Öland (1).jpg", "O\u0308land", ".hidden", "..."})
    CAF_CHECK(find_name_fault(fine) == nullptr);
  CAF_CHECK(find_name_fault(std::string(255, 'x')) == nullptr);
  for (const auto* wrong : {"", ".", "..", "a/b", "a\x7f", "\xfc", "photo\u202egpj.exe"})
    CAF_CHECK(find_name_fault(wrong) != nullptr);
  CAF_CHECK(find_name_fault(std::string(256, 'x')) != nullptr);
}

CAF_TEST(a long name is cut between characters and keeps its extension) {
  std::string raw;
  for (int i = 0; i < 200; ++i)
    raw += "ö";
  const auto name = clean_name(raw + ".jpeg");
  CAF_CHECK_EQUAL(name.size(), 255u);
  CAF_CHECK_EQUAL(name.substr(name.size() - 5), ".jpeg");
  CAF_CHECK_EQUAL(clean_name(name), name);
}

CAF_TEST(a megabyte of accents is cut before it is normalised) {
  std::string raw;
  for (int i = 0; i < 500'000; ++i)
    raw += "\u0301";
  CAF_CHECK(clean_name(raw).size() <= 255u);
}

CAF_TEST(numbers go before the extension and leave room for a suffix) {
  CAF_CHECK_EQUAL(numbered_name("beach.jpg", 1), "beach.jpg");
  CAF_CHECK_EQUAL(numbered_name("beach.jpg", 2), "beach (2).jpg");
  CAF_CHECK_EQUAL(numbered_name("README", 3), "README (3)");
  CAF_CHECK_EQUAL(numbered_name(".profile", 2), ".profile (2)");
  const std::string longest = std::string(251, 'x') + ".jpg";
  CAF_CHECK_EQUAL(numbered_name(longest, 1'000'000).size(), 240u);
}

CAF_TEST(a worker may give plain names only) {
  CAF_CHECK(is_made_name("w640.webp"));
  CAF_CHECK(is_made_name("page-1_a.webp"));
  for (const auto* name :
       {"", ".", "..", ".hidden", "a/b", "../w640.webp", "a b", "a\\b", "a%2fb", "a\nb", "ö"})
    CAF_CHECK(!is_made_name(name));
  CAF_CHECK(!is_made_name({"a\0b", 3}));
  CAF_CHECK(!is_made_name(std::string(256, 'a')));
}

CAF_TEST(a user is a folder and nothing else) {
  CAF_CHECK(is_user_name("local"));
  CAF_CHECK(is_user_name("ann_of-2026"));
  for (const auto* name : {"", ".", "..", ".ann", "a/b", "a\nb", "-ann", "Ann", "\xC3\xA4", "a b"})
    CAF_CHECK(!is_user_name(name));
  CAF_CHECK(!is_user_name({"a\0b", 3}));
  CAF_CHECK(!is_user_name(std::string(33, 'a')));
}

CAF_TEST(names that differ by case or by how they are composed are the same) {
  const auto folded = folded_name("stra\xC3\x9F"
                                  "e.JPG");
  CAF_CHECK_EQUAL(folded_name("STRASSE.jpg"), folded);
  CAF_CHECK_EQUAL(folded_name("A\xCC\x88"
                              "rger"),
                  folded_name("\xC3\xA4rger"));
  CAF_CHECK(folded_name("a") != folded_name("\xC3\xA4"));
}

CAF_TEST(a folded name fits a key however much it grows) {
  std::string one;
  for (int i = 0; i < 120; ++i)
    one += "\xCE\x90"; // three letters, once folded
  const auto other = one.substr(0, 238) + "a";
  CAF_CHECK(folded_name(one).size() <= 300u);
  CAF_CHECK(folded_name(one) != folded_name(other));
  CAF_CHECK(folded_name(std::string(240, 'A')) == std::string(240, 'a'));
}

CAF_TEST(a text that is cut or broken is still valid) {
  CAF_CHECK_EQUAL(clean_text("sea \xC3\xB6", 6), "sea \xC3\xB6");
  CAF_CHECK_EQUAL(clean_text("a\xffz", 10), "a\xEF\xBF\xBDz");
  CAF_CHECK(clean_text("sea \xC3\xB6", 5).size() <= 5u);
  CAF_CHECK_EQUAL(clean_text(std::string(20, '\xff'), 10).size(), 9u);
}

CAF_TEST(a folder is called what a file could be called) {
  CAF_CHECK(is_folder_name("2026"));
  CAF_CHECK(is_folder_name(std::string(240, 'a')));
  for (const auto* name : {"", ".", "..", "a/b", "a\nb"})
    CAF_CHECK(!is_folder_name(name));
  CAF_CHECK(!is_folder_name(std::string(241, 'a')));
}

CAF_TEST(a media type cannot carry another header) {
  CAF_CHECK(is_media_type("text/plain; charset=utf-8"));
  for (const auto* type : {"", "image", "/webp", "image/", "image/webp\r\nSet-Cookie: a=b"})
    CAF_CHECK(!is_media_type(type));
}

CAF_TEST(a digest is 64 lower - case hex digits) {
  CAF_CHECK(is_sha256(std::string(64, 'a')));
  CAF_CHECK(!is_sha256(std::string(64, 'A')));
  CAF_CHECK(!is_sha256(std::string(63, 'a')));
  CAF_CHECK(!is_sha256("../" + std::string(61, 'a')));
}
