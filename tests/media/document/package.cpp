#define CAF_SUITE media_document_package

#include "media/document/package/epub.hpp"
#include "media/document/package/markup_text.hpp"
#include "tests/media/support/document_files.hpp"
#include "tests/media/support/pictures.hpp"
#include "tests/media/support/zip_of.hpp"

#include <utility>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

const std::string epub_type = "application/epub+zip";

constexpr auto container =
  R"(<container><rootfiles><rootfile full-path="OPS/a%20book.opf"/></rootfiles></container>)";

std::string list_of(const std::string& more = "") {
  return R"(<?xml version="1.0"?><!DOCTYPE package SYSTEM "http://nowhere.invalid/x.dtd">
<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The keeper</dc:title><dc:creator>Ann Light</dc:creator><dc:language> en-GB </dc:language></metadata><manifest>)"
         + more + R"(<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="../OPS/one.xhtml#top" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="a"/><itemref idref="b"/><itemref idref="missing"/></spine></package>)";
}

constexpr auto one =
  R"(<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title><style>p{}</style>
</head><body><h1>One</h1><p>Call  me&nbsp;Reader &amp; <b>go</b> on.</p><script>hide()</script></body></html>)";
constexpr auto two = "<html><body><p>The end.</p></body></html>";

struct package_fixture : document_fixture {
  std::filesystem::path zip_of(const zip_parts& parts) const {
    return write_zip(root.path / "package", parts);
  }

  zip_parts book(const std::string& list = list_of()) const {
    return {{"mimetype", epub_type},
            {"META-INF/container.xml", container},
            {"OPS/a book.opf", list},
            {"OPS/one.xhtml", one},
            {"OPS/two.xhtml", two}};
  }

  zip_parts with_cover(const std::string& bytes) const {
    auto parts = book(
      list_of(R"(<item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>)"));
    parts.emplace_back("OPS/c.jpg", bytes);
    return parts;
  }

  /// The size of the preview, or how it failed.
  std::string preview(const std::string& type, const std::filesystem::path& file) {
    const auto done = run(job_kind::document_preview, type, file);
    if (!done)
      return to_string(done.error().code);
    const auto& shown = done->files.at(0);
    return std::to_string(shown.width) + "x" + std::to_string(shown.height);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(document_package_tests, package_fixture)

CAF_TEST(the text of a book stands in the order of reading) {
  CAF_CHECK_EQUAL(text(epub_type, zip_of(book())),
                  "One\nCall me\xC2\xA0Reader & go on.\n\fThe end.\n");
  const auto found = facts(job_kind::document_pages, epub_type, zip_of(book()));
  CAF_CHECK_EQUAL(found.at("title").get<std::string>(), "The keeper");
  CAF_CHECK_EQUAL(found.at("author").get<std::string>(), "Ann Light");
  CAF_CHECK_EQUAL(found.at("language").get<std::string>(), "en-GB");
  CAF_CHECK_EQUAL(found.at("pages").get<int>(), 2);
  CAF_CHECK_EQUAL(listing(), "page-1.webp page-2.webp text.txt ");
}

CAF_TEST(a book shows its cover and without one its first page) {
  CAF_CHECK_EQUAL(preview(epub_type, zip_of(with_cover(jpeg(quarters(400, 300))))), "320x240");
  CAF_CHECK_EQUAL(preview(epub_type, zip_of(with_cover(png(quarters(300, 400))))), "240x320");
  const auto page = preview(epub_type, zip_of(book()));
  CAF_CHECK_EQUAL(preview(epub_type, zip_of(with_cover("no picture"))), page);
  CAF_CHECK_NOT_EQUAL(page, "corrupt_media");
}

CAF_TEST(a book whose text is encrypted needs a password and one with hidden fonts does not ) {
  auto parts = book();
  const auto encryption = [](const std::string& name) {
    return R"(<encryption><CipherReference URI=")" + name + R"("/></encryption>)";
  };
  parts.emplace_back("META-INF/encryption.xml", encryption("OPS/font.otf"));
  CAF_CHECK_EQUAL(outcome(job_kind::document_text, epub_type, zip_of(parts)), "ok");
  parts.back().second = encryption("OPS/one.xhtml");
  for (const auto kind :
       {job_kind::document_preview, job_kind::document_pages, job_kind::document_text})
    CAF_CHECK_EQUAL(outcome(kind, epub_type, zip_of(parts)), "password_protected");
}

CAF_TEST(a book without a list of its parts is corrupt) {
  CAF_CHECK_EQUAL(outcome(job_kind::document_text, epub_type, zip_of({{"mimetype", epub_type}})),
                  "corrupt_media");
  CAF_CHECK_EQUAL(outcome(job_kind::document_text, epub_type, zip_of(book("<package"))), "ok");
  CAF_CHECK_EQUAL(outcome(job_kind::document_text, epub_type, write("none.epub", "PK\3\4")),
                  "corrupt_media");
}

CAF_TEST(a book has no more text than the limit) {
  options.limits.max_text_bytes = 8;
  CAF_CHECK_LESS(text(epub_type, zip_of(book())).size(), 9u);
}

CAF_TEST(a chapter defines no entities and opens nothing) {
  const auto text = text_of_markup("<!DOCTYPE html [<!ENTITY a \"bomb\"><!ENTITY b SYSTEM "
                                   "\"file:///etc/hostname\">]><p>1&a;2&b;3<p>4<br/>5",
                                   1000);
  CAF_CHECK(!contains(text, "bomb"));
  CAF_CHECK(contains(text, "4\n5"));
}

CAF_TEST(packages of Apple show their own picture where nothing else reads them) {
  options.office.program = "/bin/false";
  const auto file =
    zip_of({{"Index/Document.iwa", "nothing"}, {"preview.jpg", jpeg(quarters(400, 300))}});
  for (const auto* type : {"application/vnd.apple.pages", "application/vnd.apple.numbers",
                           "application/vnd.apple.keynote"}) {
    CAF_CHECK_EQUAL(preview(type, file), "320x240");
    CAF_CHECK_EQUAL(outcome(job_kind::document_pages, type, file), "ok");
    CAF_CHECK_EQUAL(outcome(job_kind::document_text, type, file), "ok");
  }
  CAF_CHECK_EQUAL(listing(), "page-1.webp preview.webp ");
}

CAF_TEST(a package with a password says so) {
  options.office.program = "/bin/false";
  const auto file = zip_of({{"Index/Document.iwa", "secret"}, {".iwpv2", "check"}});
  CAF_CHECK_EQUAL(outcome(job_kind::document_pages, "application/vnd.apple.pages", file),
                  "password_protected");
}

CAF_TEST_FIXTURE_SCOPE_END()
