#define CAF_SUITE media_identify

#include "tests/media/identify/identified.hpp"
#include "tests/media/support/zip_of.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

struct fixture : identified_fixture {
  std::string identified_zip(const zip_parts& parts) const {
    write_zip(root.path / "in", parts);
    return identified_file();
  }
};

std::string track(const std::string& handler) {
  return box("trak",
             box("mdia", box("hdlr", std::string(8, '\0') + handler + std::string(12, '\0'))));
}

std::string mp4(const std::string& brand, const std::string& tracks) {
  return box("ftyp", brand + big(0, 4) + "isom") + box("mdat", std::string(100, 'x'))
         + box("moov", tracks);
}

std::string element(const std::string& id, const std::string& content) {
  return id + static_cast<char>(0x80 | static_cast<int>(content.size())) + content;
}

std::string matroska(const std::string& type, const std::string& track_types) {
  std::string entries;
  for (const auto kind : track_types)
    entries += element("\xAE", element("\x83", {kind}));
  const auto header = element("\x1A\x45\xDF\xA3", element("\x42\x82", type));
  // A segment of unknown length, as live streams have it.
  return header + "\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
         + element("\x16\x54\xAE\x6B", entries);
}

std::string ogg_page(const std::string& packet) {
  return "OggS\0\x02"s + std::string(20, '\0') + '\1' + static_cast<char>(packet.size()) + packet;
}

// MPEG 1, layer 3, 128 kbit/s, 44.1 kHz: 417 bytes.
std::string mp3_frame() {
  return "\xFF\xFB\x90\x64" + std::string(413, '\0');
}

std::string adts_frame() {
  return "\xFF\xF1\x50\x80\x03\xFF\xFC" + std::string(24, '\x55'); // 31 bytes
}

// One sector of directory in a compound file, whose first stream has this name.
std::string compound_file(const std::u16string& stream) {
  std::string file(std::size_t{512} * 3, '\0');
  const auto put = [&](std::size_t at, const std::string& bytes) {
    file.replace(at, bytes.size(), bytes);
  };
  put(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  put(30, "\x09"s);
  put(48, "\1\0\0\0"s);             // the directory is sector 1
  put(76, "\0\0\0\0"s);             // the table of sectors is sector 0
  put(512 + 4, "\xFE\xFF\xFF\xFF"); // the directory ends where it begins
  for (std::size_t i = 0; i < stream.size(); ++i)
    file[1024 + 128 + i * 2] = static_cast<char>(stream[i]);
  file[1024 + 128 + 64] = static_cast<char>(stream.size() * 2 + 2);
  return file;
}

std::string content_types(const std::string& main_part) {
  return R"(<Types><Override PartName="/x.xml" ContentType="application/vnd.openxmlformats-officedocument.)"
         + main_part + R"(.main+xml"/></Types>)";
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(identify_tests, fixture)

CAF_TEST(pictures are known by their first bytes) {
  CAF_CHECK_EQUAL(identified(jpeg(quarters(8, 8))), "image image/jpeg");
  CAF_CHECK_EQUAL(identified(png(quarters(8, 8))), "image image/png");
  CAF_CHECK_EQUAL(identified(webp(quarters(8, 8))), "image image/webp");
  CAF_CHECK_EQUAL(identified("GIF89a\1\0\1\0"s), "image image/gif");
  CAF_CHECK_EQUAL(identified("II*\0\x08\0\0\0\0\0"s), "image image/tiff");
  CAF_CHECK_EQUAL(identified("MM\0*\0\0\0\x08\0\0"s), "image image/tiff");
  CAF_CHECK_EQUAL(identified("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"s), "image image/bmp");
  CAF_CHECK_EQUAL(identified("8BPS\0\1"s), "image image/vnd.adobe.photoshop");
  CAF_CHECK_EQUAL(identified("\x76\x2F\x31\x01\2\0\0\0"s), "image image/x-exr");
  CAF_CHECK_EQUAL(identified("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n"), "image image/vnd.radiance");
  CAF_CHECK_EQUAL(identified("\0\0\0\x0CjP  \r\n\x87\n"s), "image image/jp2");
}

CAF_TEST(HEIC and AVIF are pictures although they are built like films) {
  CAF_CHECK_EQUAL(identified(box("ftyp", "heic" + big(0, 4) + "mif1heic")), "image image/heic");
  CAF_CHECK_EQUAL(identified(box("ftyp", "mif1" + big(0, 4) + "mif1avif")), "image image/avif");
}

CAF_TEST(camera raw files that nothing here can read are not taken for TIFF) {
  CAF_CHECK_EQUAL(identified("II*\0\x10\0\0\0CR\2\0"s), "image image/x-canon-cr2");
  CAF_CHECK_EQUAL(identified("II*\0\x08\0\0\0\1\0\x12\xC6\1\0\4\0\0\0\1\4\0\0"s),
                  "image image/x-adobe-dng");
}

CAF_TEST(films are told from sound by their tracks) {
  CAF_CHECK_EQUAL(identified(mp4("isom", track("vide") + track("soun"))), "video video/mp4");
  CAF_CHECK_EQUAL(identified(mp4("isom", track("soun"))), "audio audio/mp4");
  CAF_CHECK_EQUAL(identified(mp4("qt  ", track("vide"))), "video video/quicktime");
  CAF_CHECK_EQUAL(identified(mp4("3gp5", track("vide"))), "video video/3gpp");
  CAF_CHECK_EQUAL(identified(matroska("matroska", "\1\2")), "video video/x-matroska");
  CAF_CHECK_EQUAL(identified(matroska("matroska", "\2")), "audio audio/x-matroska");
  CAF_CHECK_EQUAL(identified(matroska("webm", "\1")), "video video/webm");
  CAF_CHECK_EQUAL(identified(ogg_page("\x80theora") + ogg_page("\1vorbis")), "video video/ogg");
  CAF_CHECK_EQUAL(identified(ogg_page("OpusHead")), "audio audio/ogg");
}

CAF_TEST(a song with a picture of its cover stays a song) {
  CAF_CHECK_EQUAL(identified(mp4("M4A ", track("soun") + track("vide"))), "audio audio/mp4");
}

CAF_TEST(a film that was cut off before its tracks is a film) {
  CAF_CHECK_EQUAL(identified(mp4("isom", track("vide")).substr(0, 80)), "video video/mp4");
}

CAF_TEST(older containers are known by their first bytes) {
  CAF_CHECK_EQUAL(identified("RIFF\0\0\0\0AVI LIST"s), "video video/x-msvideo");
  CAF_CHECK_EQUAL(identified("FLV\1\5"), "video video/x-flv");
  CAF_CHECK_EQUAL(identified("\0\0\1\xBA\x44"s), "video video/mpeg");
  CAF_CHECK_EQUAL(identified(repeated("G" + std::string(187, '\xFF'), 6)), "video video/mp2t");
  for (const int step : {188, 192, 204})
    for (const int first : {1, 100, step - 1}) {
      const auto packets =
        repeated(std::string(static_cast<std::size_t>(step) - 1, '\xFF') + "G", 9);
      const auto cut =
        packets.substr(static_cast<std::size_t>(step) - 1 - static_cast<std::size_t>(first));
      CAF_CHECK_EQUAL(std::to_string(step) + " " + identified(cut),
                      std::to_string(step) + " video video/mp2t");
    }
  CAF_CHECK_EQUAL(identified(repeated("GATTACA\n", 1'000)), "document text/plain");
  CAF_CHECK_EQUAL(identified("x" + std::string(1'900, 'G')), "document text/plain");
}

CAF_TEST(sound is known by its first bytes) {
  CAF_CHECK_EQUAL(identified("RIFF\0\0\0\0WAVEfmt "s), "audio audio/wav");
  CAF_CHECK_EQUAL(identified("FORM\0\0\0\0AIFFCOMM"s), "audio audio/aiff");
  CAF_CHECK_EQUAL(identified("fLaC\0\0\0\x22"s), "audio audio/flac");
}

CAF_TEST(MP3 and AAC are known by frames that follow one another) {
  const auto tag = "ID3\4\0\0\0\0\0\x0A"s + std::string(10, '\0');
  CAF_CHECK_EQUAL(identified(repeated(mp3_frame(), 3)), "audio audio/mpeg");
  CAF_CHECK_EQUAL(identified(tag + repeated(mp3_frame(), 3)), "audio audio/mpeg");
  CAF_CHECK_EQUAL(identified(repeated(adts_frame(), 3)), "audio audio/aac");
}

CAF_TEST(one frame alone is not yet MP3) {
  CAF_CHECK_EQUAL(identified(mp3_frame() + std::string(1000, '\1')),
                  "other application/octet-stream");
}

CAF_TEST(documents are known by their content) {
  CAF_CHECK_EQUAL(identified("%PDF-1.7\n"), "document application/pdf");
  CAF_CHECK_EQUAL(identified("{\\rtf1 hello}"), "document application/rtf");
  CAF_CHECK_EQUAL(identified(compound_file(u"WordDocument")), "document application/msword");
  CAF_CHECK_EQUAL(identified(compound_file(u"Workbook")), "document application/vnd.ms-excel");
  CAF_CHECK_EQUAL(identified(compound_file(u"PowerPoint Document")),
                  "document application/vnd.ms-powerpoint");
  CAF_CHECK_EQUAL(identified(compound_file(u"WORDDOCUMENT")), "document application/msword");
  CAF_CHECK_EQUAL(identified(compound_file(u"VisioDocument")), "document application/vnd.visio");
  CAF_CHECK_EQUAL(identified(compound_file(u"Quill")), "document application/x-mspublisher");
  CAF_CHECK_EQUAL(identified(compound_file(u"Whatever")), "other application/x-ole-storage");
}

CAF_TEST(an office file with a password is a document of no known kind) {
  CAF_CHECK_EQUAL(identified(compound_file(u"EncryptedPackage")),
                  "document application/x-ole-storage");
}

CAF_TEST(a PDF may begin late but text about PDF is text) {
  const auto late = std::string(100, ' ') + "junk" + std::string(100, ' ') + "%PDF-1.4\n";
  CAF_CHECK_EQUAL(identified(late + "1 0 obj\nstartxref\n0\n%%EOF\n"), "document application/pdf");
  CAF_CHECK_EQUAL(identified("A file begins with %PDF-1.4 and so on.\n"), "document text/plain");
  const auto header = "junk %PDF-1.4\n%\xE2\xE3\xCF\xD3\n1 0 obj\n"s;
  CAF_CHECK_EQUAL(identified(header + std::string(100'000, '\0')), "document application/pdf");
}

CAF_TEST(office files are told from other archives by what is in them) {
  const auto office = "document application/vnd.openxmlformats-officedocument."s;
  CAF_CHECK_EQUAL(
    identified_zip({{"[Content_Types].xml", content_types("wordprocessingml.document")}}),
    office + "wordprocessingml.document");
  CAF_CHECK_EQUAL(
    identified_zip({{"a", "b"}, {"[Content_Types].xml", content_types("spreadsheetml.sheet")}}),
    office + "spreadsheetml.sheet");
  CAF_CHECK_EQUAL(
    identified_zip({{"[Content_Types].xml", content_types("presentationml.presentation")}}),
    office + "presentationml.presentation");
  CAF_CHECK_EQUAL(identified_zip({{"mimetype", "application/vnd.oasis.opendocument.text"}}),
                  "document application/vnd.oasis.opendocument.text");
  CAF_CHECK_EQUAL(identified_zip({{"beach.jpg", "x"}}), "other application/zip");
}

CAF_TEST(other archives are known by their marks and a tar by its sum) {
  CAF_CHECK_EQUAL(identified("7z\xBC\xAF\x27\x1C\0\4"s), "other application/x-7z-compressed");
  CAF_CHECK_EQUAL(identified("Rar!\x1A\x07\1\0"s), "other application/vnd.rar");
  CAF_CHECK_EQUAL(identified("\x1F\x8B\x08\0\0\0\0\0"s), "other application/gzip");
  CAF_CHECK_EQUAL(identified("BZh91AY&SY\0\0"s), "other application/x-bzip2");
  std::string tar(1024, '\0');
  tar.replace(0, 5, "a.txt");
  tar.replace(148, 7, "001357 "); // 8 spaces, and the letters of the name
  CAF_CHECK_EQUAL(identified(tar), "other application/x-tar");
  tar[0] = 'b';
  CAF_CHECK_EQUAL(identified(tar), "other application/octet-stream");
}

CAF_TEST(an archive that was cut off is just an archive) {
  CAF_CHECK_EQUAL(identified("PK\3\4 and no more"), "other application/zip");
}

CAF_TEST(SVG is a picture and what nobody knows is kept as it is) {
  CAF_CHECK_EQUAL(identified("<?xml version=\"1.0\"?>\n<svg xmlns=\"x\"/>"), "image image/svg+xml");
  CAF_CHECK_EQUAL(identified("\1\2\3\4"), "other application/octet-stream");
}

CAF_TEST(a file of no bytes is a file) {
  CAF_CHECK_EQUAL(identified(""), "other application/octet-stream");
}

CAF_TEST(what cannot be read is an error) {
  const unique_fd folder{::open(root.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  const auto found = identify(opened_file{folder.get()});
  CAF_REQUIRE_EQUAL(found.has_value(), false);
  CAF_CHECK_EQUAL(to_string(found.error().code), "storage_io");
}

CAF_TEST_FIXTURE_SCOPE_END()
