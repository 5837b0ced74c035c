#define CAF_SUITE media_image_deep_origin

#include "tests/media/image/deep/oiio_bench.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

// As exiftool takes them.
constexpr auto by_exif =
  "-Make=Lighthouse '-Model=Model 1' '-ExifIFD:LensModel=Lamp 50mm' -ExposureTime=1/125 "
  "-FNumber=2.8 -ISO=200 -FocalLength=50 -FocalLengthIn35mmFormat=75 -Artist=Mia "
  "'-DateTimeOriginal=2024:05:01 12:34:56' -OffsetTimeOriginal=+02:00 -SubSecTimeOriginal=12 "
  "-GPSLatitude=48.1376 -GPSLatitudeRef=N -GPSLongitude=11.575 -GPSLongitudeRef=E";
constexpr auto by_xmp = "'-XMP-dc:Title=A tower' '-XMP-dc:Creator=Ada' -XMP-dc:Language=en-GB";

constexpr std::string_view told_by_exif =
  R"({"author":"Mia","camera":{"make":"Lighthouse","model":"Model 1"},"exposure":{"f_number":2.8,"focal_length":50.0,"focal_length_35mm":75.0,"iso":200,"time":0.008},"lens":"Lamp 50mm","place":{"latitude":48.138,"longitude":11.575},"taken_at":"2024-05-01T10:34:56.120Z","zone":"+02:00"})";
constexpr std::string_view told_by_both =
  R"({"author":"Ada","camera":{"make":"Lighthouse","model":"Model 1"},"exposure":{"f_number":2.8,"focal_length":50.0,"focal_length_35mm":75.0,"iso":200,"time":0.008},"language":"en-GB","lens":"Lamp 50mm","place":{"latitude":48.138,"longitude":11.575},"taken_at":"2024-05-01T10:34:56.120Z","title":"A tower","zone":"+02:00"})";

struct fixture : oiio_bench {
  void tagged(const std::string& ending, const std::string& media_type, const std::string& tags) {
    // exiftool does not change the Exif that OpenImageIO writes into these.
    if (ending == "heic" || ending == "avif")
      input_by_magick(ending, media_type);
    else
      input_by_oiio(ending, quarters(64, 48), media_type);
    tag_input(ending, tags);
  }

  void input_by_magick(const std::string& ending, const std::string& media_type) {
    const auto file = out("made." + ending);
    const auto command = "convert -size 64x48 xc:red '" + file.string() + "'";
    CAF_REQUIRE_EQUAL(std::system(command.c_str()), 0);
    input(read(file), media_type);
    std::filesystem::remove(file);
  }

  /// What a job of @p kind says of the origin of the input.
  std::string origin(job_kind kind = job_kind::image_preview) {
    auto media = nlohmann::json::parse(run(jobs(), kind).value().media);
    for (const auto* measure : {"width", "height", "orientation", "dominant_color", "focus"})
      media.erase(measure);
    return media.dump();
  }

  std::string by_both(const std::string& ending, const std::string& media_type) {
    tagged(ending, media_type, std::string{by_exif} + " " + by_xmp);
    return origin();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(origin_tests, fixture)

CAF_TEST(pictures of each format say when and where and with what they were taken) {
  CAF_CHECK_EQUAL(by_both("jpg", "image/jpeg"), told_by_both);
  CAF_CHECK_EQUAL(by_both("png", "image/png"), told_by_both);
  CAF_CHECK_EQUAL(by_both("webp", "image/webp"), told_by_both);
  CAF_CHECK_EQUAL(by_both("tif", "image/tiff"), told_by_both);
  CAF_CHECK_EQUAL(by_both("heic", "image/heic"), told_by_both);
  CAF_CHECK_EQUAL(by_both("avif", "image/avif"), told_by_both);
}

CAF_TEST(the ladder says the same as the preview) {
  tagged("heic", "image/heic", by_exif);
  CAF_CHECK_EQUAL(origin(job_kind::image_renditions), told_by_exif);
}

CAF_TEST(a PNG whose rows only libpng reads says it as well) {
  input_by_oiio("png", spec_of(quarters(64, 48), OIIO::TypeUInt16), OIIO::TypeUInt8,
                quarters(64, 48).pixels.data(), "image/png");
  tag_input("png", by_exif);
  const auto bytes = read(input_file);
  input(bytes.substr(0, bytes.size() - 8), "image/png"); // without its end
  CAF_CHECK_NOT_EQUAL(origin().find("Lighthouse"), std::string::npos);
}

CAF_TEST(a picture without metadata says nothing) {
  input(jpeg(quarters(64, 48)), "image/jpeg");
  CAF_CHECK_EQUAL(origin(), "{}");
  input(png(quarters(64, 48)), "image/png");
  CAF_CHECK_EQUAL(origin(), "{}");
}

CAF_TEST(the settings hide the place and nothing else) {
  options.facts.place = false;
  tagged("jpg", "image/jpeg", by_exif);
  const auto media = nlohmann::json::parse(origin());
  CAF_CHECK_EQUAL(media["place"].dump(), "null");
  CAF_CHECK_EQUAL(media["lens"].get<std::string>(), "Lamp 50mm");
}

CAF_TEST(nothing that is made of a picture holds its place or its camera) {
  options.image.formats = {"jpeg", "webp", "avif", "png"};
  for (const auto* ending : {"jpg", "png", "webp", "heic", "avif", "tif"}) {
    const std::string type = ending == std::string_view{"jpg"}   ? "image/jpeg"
                             : ending == std::string_view{"tif"} ? "image/tiff"
                                                                 : "image/" + std::string{ending};
    tagged(ending, type, std::string{by_exif} + " " + by_xmp);
    run(jobs(), job_kind::image_preview).value();
    run(jobs(), job_kind::image_renditions).value();
    const auto files = made();
    CAF_CHECK_GREATER_OR_EQUAL(files.size(), 5u); // the preview, and the picture in each format
    for (const auto& name : files) {
      const auto command = "exiftool -a -G1 -GPS:all -ExifIFD:all -IFD0:all -XMP:all '"
                           + out(name).string() + "' | grep .";
      CAF_CHECK_NOT_EQUAL(std::system(command.c_str()), 0); // grep finds no line
      const auto bytes = read(out(name));
      CAF_CHECK_EQUAL(bytes.find("Lighthouse"), std::string::npos);
      std::filesystem::remove(out(name));
    }
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
