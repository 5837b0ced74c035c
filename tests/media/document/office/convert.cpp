#define CAF_SUITE media_document_office_convert

#include "media/document/office/lock.hpp"
#include "tests/media/support/document_files.hpp"
#include "tests/media/support/zip_of.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

const std::string open_xml = "application/vnd.openxmlformats-officedocument.";
const std::string docx = open_xml + "wordprocessingml.document";
const std::string xlsx = open_xml + "spreadsheetml.sheet";
const std::string pptx = open_xml + "presentationml.presentation";
const std::string open_document = "application/vnd.oasis.opendocument.";
const std::string odt = open_document + "text";

struct office_fixture : document_fixture {
  // A stand-in for LibreOffice that does what the shell commands say.
  void use_office(const std::string& commands) {
    const auto program = write("office", "#!/bin/sh\n" + commands + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    options.office.program = program;
  }

  std::string pages_and_files(const std::string& media_type, const std::string& name) {
    const auto done = run(job_kind::document_pages, media_type, sample(name)).value();
    auto found = nlohmann::json::parse(done.media).at("pages").dump();
    for (const auto& file : done.files)
      found += ' ' + file.name;
    return found;
  }

  // An OpenDocument text of this body.
  std::filesystem::path write_odt(const std::string& body) const {
    const std::string content =
      R"(<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2")"
      R"( xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0")"
      R"( xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">)"
      "<office:body><office:text>"
      + body + "</office:text></office:body></office:document-content>";
    const std::string manifest =
      R"(<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">)"
      R"(<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>)"
      R"(<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>)";
    return write_zip(
      root.path / "made.odt",
      {{"mimetype", odt}, {"content.xml", content}, {"META-INF/manifest.xml", manifest}});
  }
};

// An OLE file ([MS-CFB]) with one allocation table sector, one directory sector and nine more.
std::string ole_with_stream(const std::string& name, const std::string& start) {
  constexpr std::size_t sector = 512;
  std::string bytes((1 + 2 + 9) * sector, '\0');
  const auto put = [&](std::size_t at, std::uint32_t value, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i)
      bytes[at + i] = static_cast<char>(value >> (8 * i));
  };
  bytes.replace(0, 8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  put(30, 9, 2);                  // sectors of 512 bytes
  put(48, 1, 4);                  // the directory is sector 1
  put(76, 0, 4);                  // the allocation table is sector 0
  put(sector + 4, 0xFFFFFFFE, 4); // the directory's chain ends at once
  const auto entry = 2 * sector + 128;
  for (std::size_t i = 0; i < name.size(); ++i)
    bytes[entry + 2 * i] = name[i];
  put(entry + 64, static_cast<std::uint32_t>(2 * name.size() + 2), 2);
  put(entry + 116, 2, 4);
  put(entry + 120, 9 * sector, 4);
  return bytes.replace(3 * sector, start.size(), start);
}

bool is_gone(pid_t process) {
  return ::kill(process, 0) != 0 && errno == ESRCH;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(document_office_tests, office_fixture)

CAF_TEST(the old and the new text formats become pages and a PDF) {
  CAF_CHECK_EQUAL(pages_and_files(docx, "letter.docx"), "2 page-1.webp page-2.webp document.pdf");
  std::filesystem::remove(output() / "document.pdf");
  CAF_CHECK_EQUAL(pages_and_files("application/msword", "old.doc"),
                  "2 page-1.webp page-2.webp document.pdf");
  std::filesystem::remove(output() / "document.pdf");
  CAF_CHECK_EQUAL(pages_and_files("application/rtf", "note.rtf"), "1 page-1.webp document.pdf");
}

CAF_TEST(slides become pages that lie) {
  const auto done = run(job_kind::document_pages, pptx, sample("slides.pptx")).value();
  CAF_REQUIRE_EQUAL(done.files.size(), 4u);
  const auto first = done.files.front();
  CAF_CHECK_EQUAL(first.width, 1600u);
  CAF_CHECK_EQUAL(first.height, 900u);
}

CAF_TEST(every sheet of a workbook is in its text) {
  const auto all = text(xlsx, sample("sheet.xlsx"));
  CAF_CHECK(contains(all, "Ship 30"));
  CAF_CHECK(contains(all, "Fresnel lens"));
  CAF_CHECK(contains(all, "4217"));
}

CAF_TEST(every sheet of a workbook becomes a table of its own) {
  for (const auto& [type, name] :
       {std::pair{xlsx, "sheet.xlsx"}, std::pair{open_document + "spreadsheet", "table.ods"}}) {
    const auto found = facts(job_kind::document_pages, type, sample(name));
    CAF_CHECK_EQUAL(found.at("sheets").dump(), R"(["Ships","Lamps"])");
    CAF_CHECK(contains(bytes_of(output() / "sheet-1.csv"), "Ship 30,3000\n"));
    CAF_CHECK_EQUAL(bytes_of(output() / "sheet-2.csv"), "Fresnel lens,4217\n");
    std::filesystem::remove(output() / "document.pdf");
  }
}

CAF_TEST(open documents and old workbooks are read) {
  CAF_CHECK(contains(text(odt, sample("text.odt")), "The keeper counted 4217 ships before dawn."));
  CAF_CHECK(contains(text(open_document + "spreadsheet", sample("table.ods")), "Fresnel lens"));
  CAF_CHECK(contains(text(open_document + "presentation", sample("deck.odp")), "Deck, slide 3"));
  CAF_CHECK(contains(text("application/vnd.ms-excel", sample("old.xls")), "Fresnel lens"));
}

CAF_TEST(a preview leaves nothing but itself) {
  const auto done = run(job_kind::document_preview, docx, sample("letter.docx")).value();
  CAF_CHECK_EQUAL(listing(), "preview.webp ");
  // One page was made: how many there are is not known yet.
  CAF_CHECK(!nlohmann::json::parse(done.media).contains("pages"));
}

CAF_TEST(the text of an old format is that of the document or else of the PDF that is there) {
  static_cast<void>(run(job_kind::document_pages, "application/msword", sample("old.doc")).value());
  const auto said = "The keeper counted 4217 ships before dawn.";
  CAF_CHECK(contains(text("application/msword", sample("old.doc")), said));
  options.office.program = "/nonexistent";
  CAF_CHECK(contains(text("application/msword", sample("old.doc")), said));
}

CAF_TEST(an old format keeps letters that no font has and may have a mark before it) {
  std::string rtf = "{\\rtf1\\ansi\\uc1 ";
  for (const auto unit : {0x4E2D, 0x6587, 0x6771, 0x4EAC})
    rtf += "\\u" + std::to_string(unit) + "?";
  const auto file = write("cjk.rtf", "\xEF\xBB\xBF\r\n" + rtf + " end\\par}");
  static_cast<void>(run(job_kind::document_pages, "application/rtf", file).value());
  CAF_CHECK(contains(text("application/rtf", file), "中文東京 end"));
}

CAF_TEST(a text job alone leaves no PDF that nobody asked for) {
  static_cast<void>(text(docx, sample("letter.docx")));
  CAF_CHECK_EQUAL(listing(), "text.txt ");
}

CAF_TEST(a folder with odd characters in its name is no obstacle) {
  const auto odd = root.path / "50%20 é$a";
  std::filesystem::create_directory(odd);
  job work;
  work.kind = job_kind::document_preview;
  const open_input input{sample("letter.docx")};
  const open_output folder{odd};
  work.output_dir = odd;
  work.media_type = docx;
  const job_context context{options, options.office, [](double) {}, -1, input, folder};
  CAF_CHECK(run_document(work, context).has_value());
}

CAF_TEST(a damaged file is corrupt) {
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, docx, sample("truncated.docx")),
                  "corrupt_media");
  CAF_CHECK_EQUAL(outcome(job_kind::document_pages, docx, sample("data.bin")), "corrupt_media");
  CAF_CHECK_EQUAL(listing(), "");
}

CAF_TEST(an encrypted open document is password protected) {
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, odt, sample("encrypted.odt")),
                  "password_protected");
}

CAF_TEST(encrypted files of the other formats are known by their marks) {
  using namespace std::string_literals;
  const auto locked = [&](const std::string& name, const std::string& start) {
    return office::is_locked_file(open_input{write("ole", ole_with_stream(name, start))});
  };
  CAF_CHECK(locked("EncryptedPackage", ""));
  CAF_CHECK(locked("WordDocument", "\xEC\xA5\xC1\0\0\0\0\0\0\0\0\x01"s));
  CAF_CHECK(!locked("WordDocument", "\xEC\xA5\xC1\0\0\0\0\0\0\0\0\x10"s));
  CAF_CHECK(locked("Workbook", "\x09\x08\x04\0\0\x06\x05\0\x2F\0\0\0"s));
  CAF_CHECK(!locked("Workbook", "\x09\x08\x04\0\0\x06\x05\0\x42\0\x02\0\x2F\0"s));
  CAF_CHECK(!office::is_locked_file(open_input{sample("old.doc")}));
  CAF_CHECK(!office::is_locked_file(open_input{sample("old.xls")}));
  CAF_CHECK(!office::is_locked_file(open_input{sample("letter.docx")}));
}

CAF_TEST(links to other files are not followed) {
  const auto secret = write("secret.txt", "the harbour master's secret");
  const auto file = write_odt(
    "<text:p>before</text:p><text:section text:name=\"s\"><text:section-source xlink:href=\"file://"
    + secret.string() + "\"/><text:p>unread</text:p></text:section>");
  const auto all = text(odt, file);
  CAF_CHECK(contains(all, "before"));
  CAF_CHECK(contains(all, "unread"));
  CAF_CHECK(!contains(all, "secret"));
}

CAF_TEST(an office program that never ends is killed at its deadline with all it started) {
  options.office.timeout_s = 1;
  use_office("setsid sleep 1000 & echo $! >'" + (root.path / "grandchild").string()
             + "'; while :; do :; done");
  const auto start = std::chrono::steady_clock::now();
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, docx, sample("letter.docx")), "timeout");
  CAF_CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{8});
  const auto grandchild = std::stoi(bytes_of(root.path / "grandchild"));
  CAF_CHECK(is_gone(grandchild));
  CAF_CHECK_EQUAL(listing(), "");
}

CAF_TEST(an office program that only waits may wait for ten times its deadline) {
  options.office.timeout_s = 1;
  use_office("sleep 3; mkdir -p made; cp '" + sample("report.pdf").string()
             + "' made/document.pdf");
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, docx, sample("letter.docx")), "ok");
  use_office("sleep 1000");
  const auto start = std::chrono::steady_clock::now();
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, docx, sample("letter.docx")), "timeout");
  CAF_CHECK(std::chrono::steady_clock::now() - start >= std::chrono::seconds{10});
}

CAF_TEST(what an office program leaves running ends with it) {
  use_office("sleep 1000 & echo $! >'" + (root.path / "left").string() + "'");
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, docx, sample("letter.docx")),
                  "corrupt_media");
  CAF_CHECK(is_gone(std::stoi(bytes_of(root.path / "left"))));
}

CAF_TEST(an office program gets none of our descriptors and stays in our process group) {
  const auto seen = (root.path / "seen").string();
  const auto group = std::to_string(::getpgrp());
  use_office("ls /proc/self/fd | wc -l >'" + seen + "'; cut -d' ' -f5 /proc/$$/stat >>'" + seen
             + "'");
  static_cast<void>(outcome(job_kind::document_preview, docx, sample("letter.docx")));
  CAF_CHECK_EQUAL(bytes_of(seen), "4\n" + group + "\n"); // three, and the one ls reads them by
}

CAF_TEST(the pages and the sheets of a workbook have one deadline together) {
  options.office.timeout_s = 5;
  options.document.pages = 1;
  use_office("case \"$*\" in *csv:*) while :; do :; done;; esac; sleep 4; mkdir -p made; cp '"
             + sample("report.pdf").string() + "' made/document.pdf");
  const auto start = std::chrono::steady_clock::now();
  const auto found = facts(job_kind::document_pages, xlsx, sample("sheet.xlsx"));
  CAF_CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{12});
  CAF_CHECK(!found.contains("sheets")); // what can be had is kept
  CAF_CHECK_EQUAL(listing(), "document.pdf page-1.webp ");
}

CAF_TEST(an office program that is not there is no fault of the file) {
  options.office.program = "/nonexistent";
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, docx, sample("letter.docx")), "internal");
}

CAF_TEST(a text document of too many pages is too large and a workbook is cut off) {
  options.limits.max_pages = 1;
  CAF_CHECK_EQUAL(outcome(job_kind::document_pages, docx, sample("letter.docx")), "too_large");
  std::filesystem::remove(output() / "document.pdf");
  CAF_CHECK_EQUAL(pages_and_files(xlsx, "sheet.xlsx"),
                  "1 page-1.webp document.pdf sheet-1.csv sheet-2.csv");
}

CAF_TEST_FIXTURE_SCOPE_END()
