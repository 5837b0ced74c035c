#define CAF_SUITE media_identify_documents

#include "tests/media/identify/identified.hpp"
#include "tests/media/support/zip_of.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

const std::string open_document = "application/vnd.oasis.opendocument.";

struct fixture : identified_fixture {
  std::string identified_zip(const zip_parts& parts) const {
    write_zip(root.path / "in", parts);
    return identified_file();
  }

  std::string by_main_part(const std::string& content_type) {
    return identified_zip({{"[Content_Types].xml",
                            "<Override ContentType=\"application/vnd." + content_type + "\"/>"}});
  }
};

std::string flat(const std::string& kind) {
  return "<?xml version=\"1.0\"?>\n<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:"
         "xmlns:office:1.0\" office:mimetype=\""
         + open_document + kind + "\"><office:body/></office:document>";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(identify_documents_tests, fixture)

CAF_TEST(every kind of OpenDocument that can be shown is a document) {
  for (const auto* kind :
       {"text", "spreadsheet", "presentation", "graphics", "text-template", "graphics-template"})
    CAF_CHECK_EQUAL(identified_zip({{"mimetype", open_document + kind}}),
                    "document " + open_document + kind);
  CAF_CHECK_EQUAL(identified_zip({{"mimetype", open_document + "database"}}),
                  "other application/zip");
}

CAF_TEST(OpenDocument in one XML file is known by its root) {
  for (const auto* kind : {"text", "spreadsheet", "presentation", "graphics"}) {
    CAF_CHECK_EQUAL(identified(flat(kind)), "document " + open_document + kind + "-flat-xml");
    CAF_CHECK_EQUAL(identified(flat(kind + "-template"s)),
                    "document " + open_document + kind + "-flat-xml");
  }
  CAF_CHECK_EQUAL(identified(flat("formula")), "document text/plain");
  CAF_CHECK_EQUAL(identified("A flat file begins with " + flat("text")), "document text/plain");
}

CAF_TEST(binary workbooks and drawings are told from other packages) {
  CAF_CHECK_EQUAL(by_main_part("ms-excel.sheet.binary.macroEnabled.main"),
                  "document application/vnd.ms-excel.sheet.binary.macroenabled.12");
  CAF_CHECK_EQUAL(by_main_part("ms-visio.template.main+xml"),
                  "document application/vnd.ms-visio.drawing");
  CAF_CHECK_EQUAL(by_main_part("ms-visio.drawing.main+xml"),
                  "document application/vnd.ms-visio.drawing");
}

CAF_TEST(metafiles are known by their headers) {
  CAF_CHECK_EQUAL(identified("\xD7\xCD\xC6\x9A\0\0\0\0"s + std::string(40, '\0')),
                  "document image/wmf");
  CAF_CHECK_EQUAL(identified("\1\0\x09\0\0\3"s + std::string(40, '\0')), "document image/wmf");
  CAF_CHECK_EQUAL(
    identified("\1\0\0\0\x6C\0\0\0"s + std::string(32, '\0') + " EMF" + std::string(40, '\0')),
    "document image/emf");
}

CAF_TEST(packages of Apple are told apart by what is in them) {
  const auto apple = "document application/vnd.apple."s;
  CAF_CHECK_EQUAL(identified_zip({{"Index/Document.iwa", "x"}, {"Index/Slide.iwa", "x"}}),
                  apple + "keynote");
  CAF_CHECK_EQUAL(identified_zip({{"Index/Document.iwa", "\0\x10\x08\1\x12\x04\x08\x90\x4E"s},
                                  {"Index/Tables/Tile.iwa", "x"}}),
                  apple + "pages");
  CAF_CHECK_EQUAL(identified_zip({{"Index/Document.iwa", "\0\x10\x08\1\x12\x04\x08\1"s},
                                  {"Index/Tables/Tile.iwa", "x"}}),
                  apple + "numbers");
  CAF_CHECK_EQUAL(identified_zip({{"index.apxl", "x"}}), apple + "keynote");
  CAF_CHECK_EQUAL(identified_zip({{"index.xml", "<sl:document>"}}), apple + "pages");
  CAF_CHECK_EQUAL(identified_zip({{"index.xml", "<ls:document>"}}), apple + "numbers");
  CAF_CHECK_EQUAL(identified_zip({{"index.xml", "<html>"}}), "other application/zip");
}

CAF_TEST(a book is a document) {
  CAF_CHECK_EQUAL(identified_zip({{"mimetype", "application/epub+zip\n"}}),
                  "document application/epub+zip");
}

CAF_TEST_FIXTURE_SCOPE_END()
