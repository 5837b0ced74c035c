#define CAF_SUITE media_document_office_kinds

#include "media/document/office/lock.hpp"
#include "tests/media/support/document_files.hpp"
#include "tests/media/support/zip_of.hpp"

#include <utility>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

const std::string open_document = "application/vnd.oasis.opendocument.";

std::string number(std::size_t value, int bytes) {
  std::string made;
  for (int i = 0; i < bytes; ++i)
    made += static_cast<char>(value >> (8 * i));
  return made;
}

std::string wide(const std::string& text) {
  auto made = number(text.size(), 4);
  for (const char c : text)
    made += std::string{c, '\0'};
  return made;
}

// A record of [MS-XLSB] 2.1.4.
std::string record(unsigned type, const std::string& content = {}) {
  auto made = type < 0x80 ? number(type, 1) : number((type & 0x7F) | 0x80 | type >> 7 << 8, 2);
  return made + static_cast<char>(content.size()) + content;
}

std::string row(std::size_t index, const std::string& name, const std::string& amount) {
  const auto cell = [](std::size_t column, const std::string& text) {
    return record(6, number(column, 4) + number(0, 4) + wide(text));
  };
  return record(0, number(index, 4) + number(0, 4) + number(300, 2) + number(0, 3) + number(1, 4)
                     + number(0, 4) + number(1, 4))
         + cell(0, name) + cell(1, amount);
}

constexpr auto relations =
  R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
  R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/)";
constexpr auto types =
  R"(<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
  R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
  R"(<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>)"
  R"(<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/></Types>)";

struct kinds_fixture : document_fixture {
  /// Pages and files of a document, or how it failed.
  std::string pages_of(const std::string& type, const std::filesystem::path& file) {
    std::filesystem::remove(output() / "document.pdf");
    const auto done = run(job_kind::document_pages, type, file);
    if (!done)
      return to_string(done.error().code);
    auto found = nlohmann::json::parse(done->media).at("pages").dump();
    for (const auto& made : done->files)
      found += ' ' + made.name;
    return found;
  }

  std::filesystem::path binary_workbook() const {
    const auto relation = [](const std::string& kind, const std::string& target) {
      return relations + kind + "\" Target=\"" + target + "\"/></Relationships>";
    };
    const auto workbook = record(131) + record(143)
                          + record(156, number(0, 4) + number(1, 4) + wide("rId1") + wide("Table"))
                          + record(144) + record(132);
    const auto size = number(0, 4) + number(1, 4) + number(0, 4) + number(1, 4);
    const auto sheet = record(129) + record(148, size) + record(145) + row(0, "name", "amount")
                       + row(1, "apples", "12.5") + record(146) + record(130);
    const zip_parts parts{
      {"[Content_Types].xml", types},
      {"_rels/.rels", relation("officeDocument", "xl/workbook.bin")},
      {"xl/workbook.bin", workbook},
      {"xl/_rels/workbook.bin.rels", relation("worksheet", "worksheets/sheet1.bin")},
      {"xl/worksheets/sheet1.bin", sheet}};
    return write_zip(root.path / "own.xlsb", parts);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(office_kinds_tests, kinds_fixture)

CAF_TEST(drawings become pages and a PDF) {
  CAF_CHECK_EQUAL(pages_of(open_document + "graphics", sample("drawing.odg")),
                  "1 page-1.webp document.pdf");
  CAF_CHECK(contains(text(open_document + "graphics", sample("drawing.odg")), "4217 ships"));
  CAF_CHECK_EQUAL(pages_of("image/wmf", sample("plain.wmf")), "1 page-1.webp document.pdf");
  CAF_CHECK_EQUAL(pages_of("image/emf", sample("plain.emf")), "1 page-1.webp document.pdf");
}

CAF_TEST(OpenDocument in one XML file is read) {
  CAF_CHECK(
    contains(text(open_document + "text-flat-xml", sample("flat.fodt")), "The keeper counted"));
  const auto type = open_document + "spreadsheet-flat-xml";
  CAF_CHECK(contains(text(type, sample("flat.fods")), "Fresnel lens"));
  static_cast<void>(run(job_kind::document_pages, type, sample("flat.fods")).value());
  CAF_CHECK_EQUAL(bytes_of(output() / "sheet-2.csv"), "Fresnel lens,4217\n");
}

CAF_TEST(a flat file that defines entities is corrupt) {
  auto bytes = bytes_of(sample("flat.fodt"));
  bytes.insert(bytes.find("<office:document"), "<!DOCTYPE x [<!ENTITY a \"b\">]>\n");
  CAF_CHECK_EQUAL(
    outcome(job_kind::document_pages, open_document + "text-flat-xml", write("bomb.fodt", bytes)),
    "corrupt_media");
}

CAF_TEST(a binary workbook becomes a table) {
  const auto file = binary_workbook();
  CAF_CHECK_EQUAL(pages_of("application/vnd.ms-excel.sheet.binary.macroenabled.12", file),
                  "1 page-1.webp document.pdf sheet-1.csv");
  CAF_CHECK_EQUAL(bytes_of(output() / "sheet-1.csv"), "name,amount\napples,12.5\n");
}

CAF_TEST(binary parts count as much as XML) {
  options.limits.max_markup_bytes = 64;
  CAF_CHECK_EQUAL(
    pages_of("application/vnd.ms-excel.sheet.binary.macroenabled.12", binary_workbook()),
    "too_large");
}

CAF_TEST_FIXTURE_SCOPE_END()
