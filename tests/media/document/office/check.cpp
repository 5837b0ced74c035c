#define CAF_SUITE media_document_office_check

#include "media/document/office/check.hpp"

#include "media/document/office/convert.hpp"
#include "tests/media/support/document_files.hpp"
#include "tests/media/support/zip_of.hpp"

#include <fstream>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

constexpr std::size_t mib = 1U << 20U;

struct check_fixture : document_fixture {
  // A ZIP whose XML is @p markup.
  std::filesystem::path document_of(const std::string& markup,
                                    const char* part = "content.xml") const {
    return write_zip(root.path / "document", {{part, markup}});
  }

  std::string verdict(const std::filesystem::path& file) const {
    const auto checked = office::check_file(open_input{file}, options.limits);
    return checked ? "ok" : to_string(checked.error().code);
  }
};

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string all;
  all.reserve(bytes + part.size());
  while (all.size() < bytes)
    all += part;
  return all;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(office_check_tests, check_fixture)

CAF_TEST(sound documents pass) {
  for (const auto* name : {"letter.docx", "sheet.xlsx", "slides.pptx", "text.odt", "encrypted.odt"})
    CAF_CHECK_EQUAL(verdict(sample(name)), "ok");
}

CAF_TEST(what is no ZIP or a damaged one is left for LibreOffice) {
  for (const auto* name : {"note.rtf", "old.doc", "truncated.docx", "data.bin"})
    CAF_CHECK_EQUAL(verdict(sample(name)), "ok");
}

CAF_TEST(groups of RTF that are nested too deep are too large) {
  const auto nested = [this](std::size_t depth, const std::string& before = {}) {
    const auto file = root.path / "nested.rtf";
    std::ofstream{file, std::ios::binary} << "{\\rtf1 " << before << std::string(depth, '{')
                                          << std::string(depth, '}') << '}';
    return verdict(file);
  };
  CAF_CHECK_EQUAL(nested(999), "ok");
  CAF_CHECK_EQUAL(nested(1'000), "too_large");
  // Braces that open nothing: escaped ones, and those in binary data, wherever a block ends.
  const auto escaped = repeated("\\{", 200'000);
  CAF_CHECK_EQUAL(nested(1, escaped), "ok");
  const std::string binary(100'000, '{');
  CAF_CHECK_EQUAL(nested(1, "\\bin100000 " + binary), "ok");
  CAF_CHECK_EQUAL(nested(1, "\\bin98000 " + binary), "too_large");
  CAF_CHECK_EQUAL(nested(1, "\\bin-5 " + binary), "too_large");
  options.limits.max_markup_bytes = mib;
  CAF_CHECK_EQUAL(nested(1, repeated("a ", mib)), "too_large");
}

CAF_TEST(more XML than the limit is too large) {
  const auto rows = repeated("<row>1</row>", 2 * mib);
  options.limits.max_markup_bytes = 2 * mib - 1;
  CAF_CHECK_EQUAL(verdict(document_of(rows)), "too_large");
  options.limits.max_markup_bytes = 3 * mib;
  CAF_CHECK_EQUAL(verdict(document_of(rows)), "ok");
}

CAF_TEST(large XML that is packed too tightly is too large) {
  const auto file = document_of(repeated("<p/>", 65 * mib));
  CAF_CHECK_EQUAL(verdict(file), "too_large");
  options.limits.max_archive_ratio = 100'000;
  CAF_CHECK_EQUAL(verdict(file), "ok");
}

CAF_TEST(an element of endless text is too large) {
  CAF_CHECK_EQUAL(verdict(document_of("<p>" + std::string(3 * mib, 'a') + "</p><p>"
                                      + std::string(3 * mib, 'a') + "</p>")),
                  "ok");
  CAF_CHECK_EQUAL(verdict(document_of("<p>" + std::string(5 * mib, 'a') + "</p>")), "too_large");
}

CAF_TEST(entities are refused and a document type alone is not ) {
  CAF_CHECK_EQUAL(verdict(document_of("<!DOCTYPE p [<!ENTITY a \"ha\">]><p>&a;</p>")),
                  "corrupt_media");
  CAF_CHECK_EQUAL(verdict(document_of("<!DOCTYPE manifest:manifest PUBLIC \"x\" \"y\"><p/>")),
                  "ok");
}

CAF_TEST(pictures are not taken for XML) {
  CAF_CHECK_EQUAL(verdict(document_of(std::string(5 * mib, 'a'), "Pictures/large.bmp")), "ok");
}

CAF_TEST(more parts than an archive may have are too many) {
  options.limits.max_archive_entries = 2;
  CAF_CHECK_EQUAL(verdict(sample("letter.docx")), "too_large");
}

// The end of central directory record of a ZIP without a comment (APPNOTE.TXT 4.3.16).
CAF_TEST(a directory that claims more than a document has is too large) {
  const auto file = document_of("<p/>");
  std::fstream{file, std::ios::binary | std::ios::in | std::ios::out}.seekp(-22 + 10, std::ios::end)
    << "\xff\xff";
  CAF_CHECK_EQUAL(verdict(file), "too_large");
}

CAF_TEST(the longest comment behind a ZIP hides no part) {
  const auto file = document_of("<!DOCTYPE a [<!ENTITY b \"c\">]><p/>");
  std::fstream zip{file, std::ios::binary | std::ios::in | std::ios::out};
  zip.seekp(-2, std::ios::end) << "\xff\xff" << std::string(65'535, 'a');
  zip.close();
  CAF_CHECK_EQUAL(verdict(file), "corrupt_media");
}

CAF_TEST(a bomb never reaches LibreOffice) {
  options.office.program = "/nonexistent";
  const auto* type = "application/vnd.oasis.opendocument.text";
  const auto file = document_of("<p>" + std::string(5 * mib, 'a') + "</p>");
  for (const auto kind :
       {job_kind::document_preview, job_kind::document_pages, job_kind::document_text})
    CAF_CHECK_EQUAL(outcome(kind, type, file), "too_large");
}

CAF_TEST(a larger document is given more time) {
  office_options how;
  how.timeout_s = 15;
  how.timeout_per_mib_s = 10;
  const auto seconds = [&](std::size_t bytes) {
    const auto file = write("sized", std::string(bytes, 'a'));
    return office::time_for(open_input{file}, how).count() / 1000;
  };
  CAF_CHECK_EQUAL(seconds(0), 15);
  CAF_CHECK_EQUAL(seconds(mib), 15);
  CAF_CHECK_EQUAL(seconds(mib + 1), 25);
  CAF_CHECK_EQUAL(seconds(3 * mib), 35);
}

CAF_TEST_FIXTURE_SCOPE_END()
