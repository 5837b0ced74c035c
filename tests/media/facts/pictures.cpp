#define CAF_SUITE media_facts_pictures

#include "media/facts/picture_facts.hpp"
#include "tests/media/facts/exif_block.hpp"

#include <nlohmann/json.hpp>

#include <string>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using tests::as_bytes;
using tests::exif_block;

namespace {

nlohmann::json told(const file_facts& found) {
  facts all;
  facts_options exact;
  exact.place_decimals = 6;
  add_file_facts(all, found, exact);
  return nlohmann::json::parse(all.text());
}

nlohmann::json by_exif(const exif_block& exif) {
  const auto bytes = exif.bytes();
  return told(exif_facts(as_bytes(bytes)));
}

/// What a packet of XMP says whose one description has @p attributes and @p elements.
std::string packet(std::string_view attributes, std::string_view elements) {
  std::string text = R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:exifEX="http://cipa.jp/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" )";
  text.append(attributes).append(">").append(elements);
  return text + "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

nlohmann::json by_xmp(std::string_view attributes, std::string_view elements = {}) {
  return told(xmp_facts(packet(attributes, elements)));
}

exif_block photo() {
  exif_block exif;
  exif.main = {exif_block::text(0x010E, "A lighthouse"), exif_block::text(0x010F, "Lighthouse"),
               exif_block::text(0x0110, "Model 1"), exif_block::text(0x013B, "Mia")};
  exif.photo = {exif_block::fractions(0x829A, {{1, 125}}),
                exif_block::fractions(0x829D, {{28, 10}}),
                exif_block::whole(0x8827, 200),
                exif_block::text(0x9003, "2024:05:01 12:34:56"),
                exif_block::text(0x9011, "+02:00"),
                exif_block::text(0x9291, "12"),
                exif_block::fractions(0x920A, {{50, 1}}),
                exif_block::whole(0xA405, 75),
                exif_block::text(0xA434, "Lamp 50mm")};
  exif.add_place({{48, 1}, {8, 1}, {15, 1}}, 'N', {{11, 1}, {34, 1}, {30, 1}}, 'E');
  return exif;
}

} // namespace

CAF_TEST(Exif tells when and where and with what a picture was taken) {
  const auto seen = by_exif(photo());
  CAF_CHECK_EQUAL(
    seen.dump(),
    R"({"author":"Mia","camera":{"make":"Lighthouse","model":"Model 1"},"exposure":{"f_number":2.8,"focal_length":50.0,"focal_length_35mm":75.0,"iso":200,"time":0.008},"lens":"Lamp 50mm","place":{"latitude":48.1375,"longitude":11.575},"taken_at":"2024-05-01T10:34:56.120Z","title":"A lighthouse","zone":"+02:00"})");
}

CAF_TEST(south and west are less than zero) {
  exif_block exif;
  exif.add_place({{33, 1}, {51, 1}, {0, 1}}, 'S', {{70, 1}, {30, 1}, {0, 1}}, 'W');
  CAF_CHECK_EQUAL(by_exif(exif).dump(), R"({"place":{"latitude":-33.85,"longitude":-70.5}})");
}

CAF_TEST(without an offset the time of GPS tells it) {
  exif_block exif;
  exif.photo = {exif_block::text(0x9003, "2024:05:01 00:34:56")};
  exif.gps = {exif_block::fractions(7, {{22, 1}, {34, 1}, {3950, 100}}),
              exif_block::text(0x1D, "2024:04:30")};
  CAF_CHECK_EQUAL(by_exif(exif).dump(),
                  R"({"taken_at":"2024-04-30T22:34:56.000Z","zone":"+02:00"})");
  exif.photo.push_back(exif_block::text(0x9011, "+05:45"));
  CAF_CHECK_EQUAL(by_exif(exif).dump(),
                  R"({"taken_at":"2024-04-30T18:49:56.000Z","zone":"+05:45"})");
}

CAF_TEST(without both the local time is told as UTC with no zone) {
  exif_block exif;
  exif.photo = {exif_block::text(0x9003, "2024:05:01 00:34:56"),
                exif_block::text(0x9011, "   :  ")};
  exif.gps = {exif_block::fractions(7, {{13, 1}, {41, 1}, {0, 1}}),
              exif_block::text(0x1D, "2024:04:29")};
  CAF_CHECK_EQUAL(by_exif(exif).dump(), R"({"taken_at":"2024-05-01T00:34:56.000Z","zone":null})");
}

CAF_TEST(a picture that was scanned has the time of that) {
  exif_block exif;
  exif.main = {exif_block::text(0x0132, "2025:01:01 00:00:00")}; // of the last change
  CAF_CHECK_EQUAL(by_exif(exif).dump(), "{}");
  exif.photo = {exif_block::text(0x9003, "    :  :     :  :  "),
                exif_block::text(0x9004, "2001:02:03 04:05:06"),
                exif_block::text(0x9012, "-08:00")};
  CAF_CHECK_EQUAL(by_exif(exif).dump(),
                  R"({"taken_at":"2001-02-03T12:05:06.000Z","zone":"-08:00"})");
}

CAF_TEST(XMP tells the same in attributes) {
  const auto seen = by_xmp(
    R"(exif:DateTimeOriginal="2024-05-01T12:34:56.12+02:00" tiff:Make="Lighthouse" tiff:Model="Model 1" aux:Lens="Lamp" exif:ExposureTime="1/125"
 exif:FNumber="28/10" exif:FocalLength="50/1" exif:FocalLengthIn35mmFilm="75" exifEX:PhotographicSensitivity="200"
 exif:GPSLatitude="48,8.25N" exif:GPSLongitude="11,34,30E" dc:title="Plain")");
  CAF_CHECK_EQUAL(
    seen.dump(),
    R"({"camera":{"make":"Lighthouse","model":"Model 1"},"exposure":{"f_number":2.8,"focal_length":50.0,"focal_length_35mm":75.0,"iso":200,"time":0.008},"lens":"Lamp","place":{"latitude":48.1375,"longitude":11.575},"taken_at":"2024-05-01T10:34:56.120Z","title":"Plain","zone":"+02:00"})");
}

CAF_TEST(XMP tells the same in elements and lists) {
  const auto seen = by_xmp("", R"(<photoshop:DateCreated>1985-07</photoshop:DateCreated>
<dc:title><rdf:Alt><rdf:li xml:lang="de">Turm</rdf:li><rdf:li xml:lang="x-default">A &lt;tower&gt; &#233;</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Mia</rdf:li><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
<exif:ISOSpeedRatings><rdf:Seq><rdf:li>400</rdf:li></rdf:Seq></exif:ISOSpeedRatings>)");
  CAF_CHECK_EQUAL(
    seen.dump(),
    R"({"author":"Mia, Ada","exposure":{"iso":400},"language":"en-GB","taken_at":"1985-07-01T00:00:00.000Z","title":"A <tower> é","zone":null})");
}

CAF_TEST(what lies deeper in XMP says nothing of the picture) {
  const auto seen = by_xmp("", R"(<exif:Flash rdf:parseType="Resource"><dc:title>no</dc:title>
<exif:GPSLatitude>48,8.25N</exif:GPSLatitude><exif:GPSLongitude>11,34.5E</exif:GPSLongitude></exif:Flash>)");
  CAF_CHECK_EQUAL(seen.dump(), "{}");
}

CAF_TEST(title and author are those of XMP and all else that of Exif) {
  auto exif = photo();
  exif.photo.erase(exif.photo.begin() + 4); // its offset
  const auto bytes = exif.bytes();
  const auto xmp = packet(
    R"(exif:DateTimeOriginal="2024-05-01T12:34:56+02:00" tiff:Make="Another" dc:title="Full title" dc:creator="Mia M." dc:language="en")",
    "");
  const auto both = told(picture_facts(as_bytes(bytes), xmp));
  CAF_CHECK_EQUAL(both["title"].get<std::string>(), "Full title");
  CAF_CHECK_EQUAL(both["author"].get<std::string>(), "Mia M.");
  CAF_CHECK_EQUAL(both["language"].get<std::string>(), "en");
  CAF_CHECK_EQUAL(both["camera"]["make"].get<std::string>(), "Lighthouse");
  CAF_CHECK_EQUAL(both["taken_at"].get<std::string>(), "2024-05-01T10:34:56.120Z");
  CAF_CHECK_EQUAL(both["zone"].get<std::string>(), "+02:00");
}

CAF_TEST(a TIFF brings its XMP in a tag) {
  exif_block exif;
  const auto xmp = packet(R"(dc:title="Inside")", "");
  exif.main = {{0x02BC, 1, xmp.size(), xmp}};
  CAF_CHECK_EQUAL(by_exif(exif).dump(), R"({"title":"Inside"})");
}
