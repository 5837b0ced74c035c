#define CAF_SUITE media_document_office_text

#include "media/document/office/text.hpp"

#include "media/document/office/properties.hpp"
#include "tests/media/support/document_files.hpp"
#include "tests/media/support/zip_of.hpp"

#include <utility>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

constexpr auto docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr auto pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
constexpr auto odt = "application/vnd.oasis.opendocument.text";

const std::string word =
  R"(<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" )"
  R"(xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>)";
const std::string word_end = "</w:body></w:document>";
const std::string office_types =
  "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

std::string relation(const std::string& id, const std::string& type, const std::string& target) {
  return "<Relationship Id=\"" + id + "\" Type=\"" + office_types + type + "\" Target=\"" + target
         + "\"/>";
}

std::string relations(const std::string& all) {
  return R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
         + all + "</Relationships>";
}

std::string slide(const std::string& text) {
  return R"(<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" )"
         R"(xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>)"
         + text + "</a:t></a:r></a:p></p:sld>";
}

std::string open_text(const std::string& body) {
  return R"(<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" )"
         R"(xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" )"
         R"(xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">)"
         + body + "</office:document-content>";
}

struct text_fixture : document_fixture {
  std::filesystem::path pack(const zip_parts& all) const {
    return write_zip(root.path / "packed", all);
  }

  std::string text_of(const char* type, const zip_parts& all) const {
    return office::text_of(open_input{pack(all)}, *office::find_format(type), options.limits);
  }

  std::string words_of(const std::string& body) const {
    return text_of(docx, {{"word/document.xml", word + body + word_end}});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(office_text_tests, text_fixture)

CAF_TEST(letters need no font) {
  CAF_CHECK_EQUAL(words_of("<w:p><w:r><w:t>中文文档测试:北京。</w:t></w:r></w:p>"
                           "<w:p><w:r><w:t>नमस्ते สวัสดี مرحبا 🚢</w:t></w:r></w:p>"),
                  "中文文档测试:北京。\nनमस्ते สวัสดี مرحبا 🚢\n");
}

CAF_TEST(a word of several runs stays one and cells have tabs between them) {
  CAF_CHECK_EQUAL(
    words_of(
      "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>key</w:t></w:r><w:r><w:t>word</w:t>"
      "<w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t></w:r></w:p><w:p/><w:tbl><w:tr>"
      "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></"
      "w:tc>"
      "</w:tr></w:tbl><w:p><w:r><w:t>end</w:t></w:r></w:p>"),
    "keyword\tx\ny\n\na\tb\nend\n");
}

CAF_TEST(what is deleted or moved away or for older programs is no text) {
  CAF_CHECK_EQUAL(
    words_of(
      "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:instrText>PAGE"
      "</w:instrText></w:r><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><mc:AlternateContent>"
      "<mc:Choice><w:r><w:t>new</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>old</w:t></w:r>"
      "</mc:Fallback></mc:AlternateContent></w:p>"),
    "new\n");
}

CAF_TEST(headers and notes belong to the text) {
  const auto part = [](const std::string& text) {
    return word + "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" + word_end;
  };
  CAF_CHECK_EQUAL(
    text_of(docx, {{"_rels/.rels", relations(relation("a", "officeDocument", "/word/main.xml"))},
                   {"word/main.xml", part("body")},
                   {"word/_rels/main.xml.rels",
                    relations(relation("b", "header", "h.xml")
                              + relation("c", "footnotes", "../notes/f.xml"))},
                   {"word/h.xml", part("head")},
                   {"notes/f.xml", part("note")}}),
    "head\nbody\nnote\n");
}

CAF_TEST(slides come in the order of the presentation) {
  CAF_CHECK_EQUAL(
    text_of(
      pptx,
      {{"ppt/presentation.xml",
        R"(<x:presentation xmlns:x="http://schemas.openxmlformats.org/presentationml/2006/main" )"
        R"(xmlns:y="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><x:sldIdLst>)"
        R"(<x:sldId id="256" y:id="r2"/><x:sldId id="257" y:id="r1"/></x:sldIdLst></x:presentation>)"},
       {"ppt/_rels/presentation.xml.rels", relations(relation("r1", "slide", "slides/a.xml")
                                                     + relation("r2", "slide", "slides/b.xml"))},
       {"ppt/slides/a.xml", slide("東京")},
       {"ppt/slides/b.xml", slide("first")}}),
    "first\f東京\n");
}

CAF_TEST(spaces of OpenDocument count as one and those it states as many) {
  CAF_CHECK_EQUAL(
    text_of(odt, {{"content.xml",
                   open_text("<text:h>한국어</text:h>\n<text:p>  a\n  b<text:s text:c=\"3\"/>c"
                             "<text:tab/>d<text:line-break/>e<office:annotation><text:p>no"
                             "</text:p></office:annotation></text:p>"
                             "<text:tracked-changes><text:p>no</text:p></text:tracked-changes>")}}),
    "한국어\na b   c\td\ne\n");
}

CAF_TEST(XML that is hostile or damaged gives what came before) {
  const auto deep = [](std::size_t levels) {
    std::string all;
    for (std::size_t i = 0; i < levels; ++i)
      all += "<w:smartTag>";
    return all;
  };
  CAF_CHECK_EQUAL(words_of("<w:p><w:r><w:t>kept</w:t></w:r></w:p>" + deep(100'000)), "kept\n");
  CAF_CHECK_EQUAL(words_of("<w:p><w:r><w:t>kept</w:t></w:r></w:p></w:q>"), "kept\n");
  CAF_CHECK_EQUAL(
    text_of(docx, {{"word/document.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}}), "");
  options.limits.max_markup_bytes = 1000;
  CAF_CHECK_EQUAL(words_of("<w:p><w:r><w:t>" + std::string(2000, 'x') + "</w:t></w:r></w:p>"), "");
}

CAF_TEST(no more text is kept than the limit) {
  options.limits.max_text_bytes = 1000;
  const auto file = pack({{"word/document.xml", word + "<w:p><w:r><w:t>" + std::string(5000, 'x')
                                                  + "</w:t></w:r></w:p>" + word_end}});
  const auto said = facts(job_kind::document_text, docx, file);
  CAF_CHECK_EQUAL(said.dump(), R"({"text_bytes":1000,"text_truncated":true})");
}

CAF_TEST(a workbook has the text of its sheets) {
  write("out/sheet-1.csv", "name,note\n太郎,\"two\nlines, \"\"quoted\"\"\"\n");
  write("out/sheet-2.csv", "1,2\n");
  const auto file = pack({{"xl/workbook.xml", "<x/>"}});
  CAF_CHECK_EQUAL(text("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file),
                  "name\tnote\n太郎\ttwo lines, \"quoted\"\n\f1\t2\n");
}

CAF_TEST(an office file says what it is called and who wrote it in which language) {
  const auto told = [&](const zip_parts& all) {
    media::facts found;
    add_file_facts(found, office::properties_of(open_input{pack(all)}, options.limits), {});
    return found.text();
  };
  const std::string core =
    R"(<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" )"
    R"(xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Low &amp; high</dc:title><dc:creator>Mia</dc:creator>)"
    R"(<dc:language>en-GB</dc:language><cp:lastModifiedBy>Ada</cp:lastModifiedBy></cp:coreProperties>)";
  const std::string to_core =
    R"(<Relationship Id="r" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>)";
  CAF_CHECK_EQUAL(told({{"_rels/.rels", relations(to_core)}, {"docProps/core.xml", core}}),
                  R"({"title":"Low & high","author":"Mia","language":"en-GB"})");
  const std::string meta =
    R"(<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" )"
    R"(xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/">)"
    R"(<office:meta><dc:title>Tide</dc:title><meta:initial-creator>Mia</meta:initial-creator><dc:creator>Ada</dc:creator>)"
    R"(<dc:language>de</dc:language></office:meta></office:document-meta>)";
  CAF_CHECK_EQUAL(told({{"meta.xml", meta}}), R"({"title":"Tide","author":"Mia","language":"de"})");
  CAF_CHECK_EQUAL(told({{"meta.xml", "<office:meta"}}), "{}");
  CAF_CHECK_EQUAL(told({{"a", "b"}}), "{}");
}

CAF_TEST_FIXTURE_SCOPE_END()
