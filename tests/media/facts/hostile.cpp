#define CAF_SUITE media_facts_hostile

#include "media/facts/picture_facts.hpp"
#include "tests/media/facts/exif_block.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <string>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using tests::as_bytes;
using tests::exif_block;

namespace {

std::string told(const file_facts& found) {
  facts all;
  add_file_facts(all, found, {});
  return std::move(all).text();
}

std::string by_exif(const exif_block& exif) {
  const auto bytes = exif.bytes();
  return told(exif_facts(as_bytes(bytes)));
}

std::string place_of(const std::vector<exif_block::fraction>& latitude, char north,
                     const std::vector<exif_block::fraction>& longitude, char east) {
  exif_block exif;
  exif.add_place(latitude, north, longitude, east);
  return by_exif(exif);
}

std::string description(std::string_view inner) {
  std::string text = R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"><rdf:Description )";
  return text.append(inner).append("</rdf:Description></rdf:RDF>");
}

constexpr std::uint32_t largest = std::numeric_limits<std::uint32_t>::max();

} // namespace

CAF_TEST(places outside the globe or without sides are none) {
  CAF_CHECK_EQUAL(place_of({{90, 1}, {0, 1}, {1, 1}}, 'N', {{1, 1}, {0, 1}, {0, 1}}, 'E'), "{}");
  CAF_CHECK_EQUAL(place_of({{1, 1}, {0, 1}, {0, 1}}, 'N', {{181, 1}, {0, 1}, {0, 1}}, 'W'), "{}");
  CAF_CHECK_EQUAL(place_of({{1, 0}, {0, 1}, {0, 1}}, 'N', {{1, 1}, {0, 1}, {0, 1}}, 'E'), "{}");
  CAF_CHECK_EQUAL(place_of({{1, 1}, {0, 0}, {0, 1}}, 'N', {{1, 1}, {0, 1}, {0, 1}}, 'E'), "{}");
  CAF_CHECK_EQUAL(place_of({{largest, 1}, {largest, 1}, {0, 1}}, 'N', {{1, 1}}, 'E'), "{}");
  CAF_CHECK_EQUAL(place_of({{1, 1}, {0, 1}, {0, 1}}, 'X', {{1, 1}, {0, 1}, {0, 1}}, 'E'), "{}");
  CAF_CHECK_EQUAL(place_of({{1, 1}}, 'N', {{1, 1}}, 'E'), "{}");
  // Cameras that do not know write zeros.
  CAF_CHECK_EQUAL(place_of({{0, 1}, {0, 1}, {0, 1}}, 'N', {{0, 1}, {0, 1}, {0, 1}}, 'E'), "{}");
}

CAF_TEST(settings that no camera has are none) {
  exif_block exif;
  exif.photo = {exif_block::fractions(0x829A, {{1, 0}}),
                exif_block::fractions(0x829D, {{0, 1}}),
                {0x8827, 4, 1, exif_block::number(largest, 4)},
                exif_block::fractions(0x920A, {{largest, 1}}),
                {0xA405, 9, 1, exif_block::number(largest, 4)}};
  CAF_CHECK_EQUAL(by_exif(exif), "{}");
}

CAF_TEST(dates beyond the years of photography are none) {
  for (const auto* date : {"1799:12:31 23:59:59", "9999:12:31 23:59:59", "0000:00:00 00:00:00",
                           "1970:01:01 00:00:00", "2024:02:30 00:00:00"}) {
    exif_block exif;
    exif.photo = {exif_block::text(0x9003, date)};
    CAF_CHECK_EQUAL(by_exif(exif), "{}");
  }
}

CAF_TEST(long texts are cut and odd ones are cleaned) {
  exif_block exif;
  exif.main = {exif_block::text(0x010F, std::string(100'000, 'x')),
               exif_block::text(0x0110, "a\x01\xFF\"b\" \xC3\xB6  "),
               exif_block::text(0x013B, "   ")};
  const auto seen = nlohmann::json::parse(by_exif(exif));
  CAF_CHECK_EQUAL(seen["camera"]["make"].get<std::string>(), std::string(128, 'x'));
  CAF_CHECK_EQUAL(seen["camera"]["model"].get<std::string>(), "a\xEF\xBF\xBD\"b\" \xC3\xB6");
  CAF_CHECK(!seen.contains("author"));
}

CAF_TEST(facts of any file stay small) {
  file_facts all;
  for (auto* text : {&all.make, &all.model, &all.lens, &all.title, &all.author})
    *text = std::string(100'000, '"');
  all.language = std::string(100'000, 'e');
  const auto text = told(checked(std::move(all)));
  CAF_CHECK_LESS(text.size(), 4'096u);
}

CAF_TEST(numbers that are none are none) {
  file_facts odd;
  odd.exposure.time_s = std::numeric_limits<double>::infinity();
  odd.exposure.f_number = std::nan("");
  odd.exposure.focal_length_mm = -50;
  odd.place = position{std::nan(""), 1};
  odd.taken = moment{std::numeric_limits<unix_ms>::max(), 60};
  odd.language = "und";
  CAF_CHECK_EQUAL(told(checked(std::move(odd))), "{}");
}

CAF_TEST(directories that point anywhere end) {
  using namespace std::string_literals;
  const auto first_at = [](std::uint32_t at, const std::string& rest) {
    return "MM\0*"s + exif_block::number(at, 4) + rest;
  };
  // Into itself, behind the end, and entries that claim more than there is.
  const auto to_itself =
    exif_block::number(2, 2) + exif_block::number(0x8769, 2) + exif_block::number(4, 2)
    + exif_block::number(1, 4) + exif_block::number(8, 4) + exif_block::number(0x8825, 2)
    + exif_block::number(4, 2) + exif_block::number(1, 4) + exif_block::number(8, 4);
  const auto too_long = exif_block::number(0xFFFF, 2) + exif_block::number(0x010F, 2)
                        + exif_block::number(2, 2) + exif_block::number(largest, 4)
                        + exif_block::number(8, 4);
  for (const auto& bytes : {first_at(8, to_itself), first_at(largest, ""), first_at(8, too_long),
                            first_at(0, ""), "MM"s, ""s, "II+\0\x08\0\0\0\0\0"s, "Exif\0\0"s})
    CAF_CHECK_EQUAL(told(exif_facts(as_bytes(bytes))), "{}");
}

CAF_TEST(every beginning of a block is read without harm) {
  exif_block exif;
  exif.main = {exif_block::text(0x010F, "Lighthouse")};
  exif.photo = {exif_block::text(0x9003, "2024:05:01 12:34:56")};
  exif.add_place({{48, 1}, {8, 1}, {15, 1}}, 'N', {{11, 1}, {34, 1}, {30, 1}}, 'E');
  const auto bytes = exif.bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto part = bytes.substr(0, length);
    const auto seen = told(exif_facts(as_bytes(part)));
    CAF_CHECK(seen.size() < bytes.size() * 2);
  }
}

CAF_TEST(XMP with a document type is not read) {
  const auto plain = description(R"(dc:title="x">)");
  CAF_CHECK_EQUAL(told(xmp_facts(plain)), R"({"title":"x"})");
  const auto bomb =
    R"(<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>)" + plain;
  CAF_CHECK_EQUAL(told(xmp_facts(bomb)), "{}");
}

CAF_TEST(XMP that is damaged tells what came before) {
  const auto whole = description(R"(dc:title="x" dc:language="en"><dc:creator>Mia)");
  CAF_CHECK_EQUAL(told(xmp_facts(whole)), R"({"title":"x","language":"en"})");
  CAF_CHECK_EQUAL(told(xmp_facts("<")), "{}");
  CAF_CHECK_EQUAL(told(xmp_facts(std::string(10, '\0'))), "{}");
}

CAF_TEST(XMP that nests for ever or is very long tells nothing) {
  std::string deep = R"(dc:language="en"><dc:title>)";
  for (int i = 0; i < 100'000; ++i)
    deep += "<a>";
  CAF_CHECK_EQUAL(told(xmp_facts(description(deep))), R"({"language":"en"})");
  auto long_text = description("dc:title=\"" + std::string(1U << 20U, 'x') + "\">");
  CAF_CHECK_EQUAL(told(xmp_facts(long_text)), "{}");
}

CAF_TEST(XMP of many or odd values stays small) {
  std::string names = "><dc:creator><rdf:Seq>";
  for (int i = 0; i < 10'000; ++i)
    names += "<rdf:li>Somebody</rdf:li>";
  names += "</rdf:Seq></dc:creator>";
  CAF_CHECK_LESS(told(xmp_facts(description(names))).size(), 1'024u);
  for (const auto* odd :
       {R"(exif:GPSLatitude="91,0N" exif:GPSLongitude="1,0E">)",
        R"(exif:GPSLatitude="1,0,0,0N" exif:GPSLongitude="1,0E">)",
        R"(exif:GPSLatitude="-1,0N" exif:GPSLongitude="1,0E">)",
        R"(exif:GPSLatitude="nanN" exif:GPSLongitude="infE">)",
        R"(exif:GPSLatitude="N" exif:GPSLongitude="E">)", R"(exif:GPSLatitude="1,0N">)",
        R"(exif:ExposureTime="1/0" exif:FNumber="x" exif:FocalLength="-1/1">)",
        R"(exif:DateTimeOriginal="9999-01-01">)", R"(dc:language="x-default">)"})
    CAF_CHECK_EQUAL(told(xmp_facts(description(odd))), "{}");
}
