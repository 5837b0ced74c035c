#define CAF_SUITE media_identify_sounds

#include "tests/media/identify/identified.hpp"

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

std::string film(const std::string& handler) {
  return box("moov", box("trak", box("mdia", box("hdlr", std::string(8, '\0') + handler
                                                           + std::string(12, '\0')))));
}

std::string repeated(const std::string& frame, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += frame;
  return all;
}

std::string asf(const std::string& kind) {
  const auto stream = "\x91\x07\xDC\xB7\xB7\xA9\xCF\x11\x8E\xE6\0\xC0\x0C\x20\x53\x65"s
                      + std::string(8, '\x50') + kind;
  return "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\0\xAA\0\x62\xCE\x6C"s + "\0\4\0\0\0\0\0\0"s
         + std::string(6, '\0') + stream + std::string(100, '\0');
}

const auto asf_sound = "\x40\x9E\x69\xF8\x4D\x5B\xCF\x11\xA8\xFD\0\x80\x5F\x5C\x44\x2B"s;
const auto asf_video = "\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11\xA8\xFD\0\x80\x5F\x5C\x44\x2B"s;

} // namespace

CAF_TEST_FIXTURE_SCOPE(identify_sounds_tests, identified_fixture)

CAF_TEST(sounds with a header are known by it) {
  CAF_CHECK_EQUAL(identified("wvpk\x40\0\0\0\x10\x04"s + std::string(30, '\0')),
                  "audio audio/x-wavpack");
  CAF_CHECK_EQUAL(identified("TTA1\1\0\2\0\x10\0"s), "audio audio/x-tta");
  CAF_CHECK_EQUAL(identified("MAC \x96\x0F\0\0"s), "audio audio/x-ape");
  CAF_CHECK_EQUAL(identified("MP+\x17\0\0\0\0"s), "audio audio/x-musepack");
  CAF_CHECK_EQUAL(identified("MPCKSH\x10\0"s), "audio audio/musepack");
  CAF_CHECK_EQUAL(identified("DSD \x1C\0\0\0\0\0\0\0\0"s), "audio audio/x-dsf");
  CAF_CHECK_EQUAL(identified("riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\0\0\0"s),
                  "audio audio/x-w64");
  CAF_CHECK_EQUAL(identified(".snd\0\0\0\x18\0\0\0\x10\0\0\0\3\0\0\xAC\x44\0\0\0\1\0\0"s),
                  "audio audio/basic");
  CAF_CHECK_EQUAL(identified("ID3\4\0\0\0\0\0\x0A"s + std::string(10, '\0') + "MAC \x96\x0F\0\0"s),
                  "audio audio/x-ape");
}

CAF_TEST(texts that begin like a sound are texts) {
  for (const auto* text :
       {"wvpk is the mark of WavPack", "TTA1 was a format", "MAC addresses", "MP+ is older",
        ".snd files come from Sun", "MPCK marks stream 8", "DSD is one bit", "riffs are played"})
    CAF_CHECK_EQUAL(identified(text), "document text/plain");
}

CAF_TEST(frames without a container are known by one another) {
  // 48 kHz and 128 kbit/s: 512 bytes.
  const auto ac3 = "\x0B\x77\0\0\x10\x40\0\0"s + std::string(504, '\x11');
  CAF_CHECK_EQUAL(identified(repeated(ac3, 3)), "audio audio/ac3");
  CAF_CHECK_EQUAL(identified(ac3 + std::string(600, '\1')), unknown_file);
  const auto eac3 = "\x0B\x77\0\xFF\x3F\x84\0\0"s + std::string(504, '\x11');
  CAF_CHECK_EQUAL(identified(repeated(eac3, 3)), "audio audio/eac3");
  // A core of 1,024 bytes, alone and with an extension of 512.
  const auto core = "\x7F\xFE\x80\x01\xFC\x3C\x3F\xF0\xB5\xE0"s + std::string(1014, '\x11');
  const auto extension = "\x64\x58\x20\x25\0\0\x20\x3F\xE0\0"s + std::string(502, '\x11');
  CAF_CHECK_EQUAL(identified(repeated(core, 3)), "audio audio/vnd.dts");
  CAF_CHECK_EQUAL(identified(repeated(core + extension, 3)), "audio audio/vnd.dts");
}

CAF_TEST(Windows Media says whether it has pictures) {
  CAF_CHECK_EQUAL(identified(asf(asf_sound)), "audio audio/x-ms-wma");
  CAF_CHECK_EQUAL(identified(asf(asf_video)), "video video/x-ms-asf");
  CAF_CHECK_EQUAL(identified(asf(asf_sound + asf(asf_video))), "video video/x-ms-asf");
}

CAF_TEST(films older than MP4 may begin with anything that QuickTime put there) {
  for (const auto* first : {"free", "skip", "wide", "pnot", "PICT", "junk", "udta", "mdat"}) {
    CAF_CHECK_EQUAL(first + identified(box(first, "") + film("vide")),
                    first + "video video/quicktime"s);
    CAF_CHECK_EQUAL(first
                      + identified(box(first, std::string(40, '\1')) + box("skip", "")
                                   + box("mdat", "12345") + film("vide")),
                    first + "video video/quicktime"s);
  }
  CAF_CHECK_EQUAL(identified(box("skip", "") + box("ftyp", "isom" + big(0, 4)) + film("soun")),
                  "audio audio/mp4");
  CAF_CHECK_EQUAL(identified(box("free", std::string(40, '\1'))), unknown_file);
  CAF_CHECK_EQUAL(identified("Are free things in the pnot wide?\n"), "document text/plain");
}

CAF_TEST_FIXTURE_SCOPE_END()
