// What office files ask LibreOffice to do for them, outside of any sandbox: what keeps it from
// doing so here is how it is started. Those that work are shown to: by an office that trusts
// every file.
#define CAF_SUITE media_document_office_lures

#include "tests/media/document/office/lures.hpp"

#include "media/document/office/process.hpp"
#include "tests/media/document/office/vba_project.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

std::string writing_macro(const std::string& name, const std::filesystem::path& file) {
  return "Sub " + name + "\r\n  Open \"" + file.string()
         + "\" For Output As #1\r\n  Print #1, \"here\"\r\n  Close #1\r\nEnd Sub\r\n";
}

// The macros that LibreOffice finds in a Word document.
std::string modules_of(const std::filesystem::path& file) {
  const temp_root home;
  const open_input opened{file};
  const office::conversion what{opened, home.path / "unused", *office::find_format(docx), 1};
  office::make_profile(home.path).value();
  auto arguments = office::start_arguments(home.path);
  for (const auto& word :
       {std::string{"--convert-to"}, std::string{"odt"}, std::string{"--outdir"},
        home.path.string() + "/made", office::copy_with_extension(what, home.path).value()})
    arguments.push_back(word);
  office::run_program(
    {"soffice", std::move(arguments), home.path, home.path / "messages", std::chrono::minutes{2}})
    .value();
  return part_of(home.path / "made" / "document.odt", "Basic/Project/Module1.xml");
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(office_lures_tests, lure_fixture)

CAF_TEST(a macro of an open document is not run) {
  const auto part = [](const std::string& kind, const std::string& attributes,
                       const std::string& text) {
    return "<?xml version=\"1.0\"?><!DOCTYPE library:" + kind
           + " PUBLIC \"-//OpenOffice.org//DTD OfficeDocument 1.0//EN\" \"" + kind
           + ".dtd\"><library:" + kind + " xmlns:library=\"http://openoffice.org/2000/library\""
           + attributes + '>' + text + "</library:" + kind + '>';
  };
  auto source = writing_macro("Main", written());
  for (std::size_t at = 0; (at = source.find('"', at)) != std::string::npos; at += 6)
    source.replace(at, 1, "&quot;");
  const auto file = open_document_of(
    odt,
    R"(<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load")"
    R"( xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" xlink:type="simple"/>)"
    R"(</office:event-listeners></office:scripts><office:body><office:text><text:p>before</text:p></office:text></office:body>)",
    {{"Basic/script-lc.xml",
      part("libraries", "", "<library:library library:name=\"Standard\" library:link=\"false\"/>")},
     {"Basic/Standard/script-lb.xml",
      part(
        "library",
        " library:name=\"Standard\" library:readonly=\"false\" library:passwordprotected=\"false\"",
        "<library:element library:name=\"Module1\"/>")},
     {"Basic/Standard/Module1.xml",
      R"(<?xml version="1.0"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">)"
        + source + "</script:module>"}});
  CAF_CHECK(contains(text(odt, file), "before"));
  CAF_CHECK(!std::filesystem::exists(written()));
  CAF_CHECK(harms_who_trusts(odt, file, [&] { return std::filesystem::exists(written()); }));
}

// LibreOffice 7.4 reads such a macro, and runs it on no occasion that we know of: others may.
CAF_TEST(a macro of a Word document is not run) {
  const auto file = word_document_of(
    "<w:p><w:r><w:t>before</w:t></w:r></w:p>", "ms-word.document.macroEnabled",
    {{"word/vbaProject.bin", vba_project(writing_macro("AutoOpen", written()))},
     {"word/_rels/document.xml.rels",
      relations({{"m", "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                  "vbaProject.bin"}})}});
  CAF_CHECK(contains(text(docx, file), "before"));
  CAF_CHECK(!std::filesystem::exists(written()));
  CAF_CHECK(contains(modules_of(file), "Sub AutoOpen"));
}

CAF_TEST(pictures and objects and sections of an open document that lie elsewhere are not fetched) {
  const auto file = open_document_of(
    odt, "<office:body><office:text><text:p>before<draw:frame svg:width=\"2cm\" svg:height=\"2cm\">"
         "<draw:image xlink:href=\""
           + bird.url()
           + "/a.png\" xlink:type=\"simple\" xlink:show=\"embed\" "
             "xlink:actuate=\"onLoad\"/></draw:frame>"
             "<draw:frame svg:width=\"2cm\" svg:height=\"2cm\"><draw:object xlink:href=\""
           + bird.url()
           + "/a.ods\" xlink:type=\"simple\" xlink:show=\"embed\" "
             "xlink:actuate=\"onLoad\"/></draw:frame></text:p>"
             "<text:section text:name=\"s\"><text:section-source xlink:href=\""
           + bird.url()
           + "/a.odt\"/><text:p>inside</text:p></text:section></office:text></office:body>");
  CAF_CHECK(contains(text(odt, file), "before"));
  CAF_CHECK_EQUAL(bird.visits(), 0);
  CAF_CHECK(harms_who_trusts(odt, file, [&] { return bird.visits() > 0; }));
}

CAF_TEST(pictures and objects and templates of a Word document that lie elsewhere are not fetched) {
  const auto file = word_document_of(
    R"(<w:p><w:r><w:t>before</w:t></w:r></w:p><w:p><w:r><w:drawing><wp:inline><wp:extent cx="90000" cy="90000"/><wp:docPr id="1" name="a"/><a:graphic>)"
    R"(<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr>)"
    R"(<pic:blipFill><a:blip r:link="i"/></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="90000" cy="90000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>)"
    R"(</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>)"
    R"(<w:p><w:r><w:object><v:shape id="b" style="width:9pt;height:9pt"/><o:OLEObject Type="Link" ProgID="Excel.Sheet.12" ShapeID="b" r:id="o" UpdateMode="Always"/></w:object></w:r></w:p>)"
    R"(<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDEPICTURE ")"
      + bird.url()
      + R"(/b.png" \d</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>)",
    "openxmlformats-officedocument.wordprocessingml.document",
    {{"word/settings.xml",
      R"(<?xml version="1.0"?><w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:attachedTemplate r:id="t"/></w:settings>)"},
     {"word/_rels/settings.xml.rels",
      relations({{"t", relation_types + "/attachedTemplate", bird.url() + "/a.dotx"}})},
     {"word/_rels/document.xml.rels",
      relations({{"s", relation_types + "/settings", "settings.xml"},
                 {"i", relation_types + "/image", bird.url() + "/a.png"},
                 {"o", relation_types + "/oleObject", bird.url() + "/a.xlsx"}})}});
  CAF_CHECK(contains(text(docx, file), "before"));
  CAF_CHECK_EQUAL(bird.visits(), 0);
  CAF_CHECK(harms_who_trusts(docx, file, [&] { return bird.visits() > 0; }));
}

CAF_TEST(a workbook fetches nothing for its cells) {
  const auto cell = [](const std::string& formula) {
    return "<table:table-cell table:formula=\"of:=" + formula + "\"/>";
  };
  const auto file = open_document_of(
    ods,
    "<office:body><office:spreadsheet><table:table table:name=\"a\"><table:table-source "
    "xlink:href=\""
      + bird.url()
      + "/a.ods\" table:table-name=\"a\" table:refresh-delay=\"PT1S\"/><table:table-row>"
        "<table:table-cell office:value-type=\"string\"><text:p>before</text:p></table:table-cell>"
      + cell("WEBSERVICE(&quot;" + bird.url() + "/a&quot;)")
      + cell("['" + bird.url() + "/b.ods'#$a.A1]")
      + "</table:table-row></table:table></office:spreadsheet></office:body>");
  CAF_CHECK(contains(text(ods, file), "before"));
  CAF_CHECK_EQUAL(bird.visits(), 0);
  CAF_CHECK(harms_who_trusts(ods, file, [&] { return bird.visits() > 0; }));
}

CAF_TEST_FIXTURE_SCOPE_END()
