#pragma once

#include "media/job/module.hpp"
#include "media/picture/picture.hpp"
#include "tests/media/support/open_input.hpp"
#include "tests/temp_root.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Pictures and files for the suites of media/.
namespace mediad::tests {

using rgb = std::array<int, 3>;

/// One colour everywhere. @param alpha 255: a picture of three channels.
media::picture solid(std::uint32_t width, std::uint32_t height, rgb color, int alpha = 255);

/// Red, green, blue and white quarters: top left, top right, bottom left, bottom right.
media::picture quarters(std::uint32_t width, std::uint32_t height);

/// The same with alpha, and nothing of the lower half is seen if @p has_hole.
media::picture quarters_with_alpha(std::uint32_t width, std::uint32_t height, bool has_hole);

/// Every pixel another colour, the same at every call: its files are large.
media::picture noise(std::uint32_t width, std::uint32_t height);

/// What quarters() has become: the first letters of the colours in the same order ("RGBW"); '?' for
/// anything else.
std::string corners(const media::picture& seen);

/// The colour in the middle.
rgb middle(const media::picture& seen);

/// The largest difference of any of the three.
int difference(rgb a, rgb b);

/// A block of Exif with an orientation, and the words `secret place` after it.
std::string exif(int orientation);

/// ICC profiles: Display P3, one in which red and green have changed places, and gray in linear
/// light.
std::string display_p3_profile();
std::string swapped_profile();
std::string linear_gray_profile();

std::string jpeg(const media::picture& p);
std::string webp(const media::picture& p);
/// The inks of an Adobe CMYK file, all pixels alike; 0..255, 255 is all ink.
std::string cmyk_jpeg(std::uint32_t width, std::uint32_t height, std::array<int, 4> inks);
/// @p jpeg with a segment of @p marker (0xE1: Exif, 0xE2: ICC) after its start.
std::string with_segment(const std::string& jpeg, int marker, const std::string& content);
std::string with_icc(const std::string& jpeg, const std::string& profile);

/// One chunk of a PNG file, with its checksum.
std::string png_chunk(std::string_view type, const std::string& content);
/// A PNG file with @p chunks before its pixels.
std::string png(const media::picture& p, const std::string& chunks = {});
std::string icc_chunk(const std::string& profile);

/// @p bits as big-endian bytes, @p count of them.
std::string big(std::uint64_t bits, std::size_t count);

void write(const std::filesystem::path& file, std::string_view bytes);
std::string read(const std::filesystem::path& file);

/// The whole picture in a JPEG, WebP, AVIF or PNG file that was made.
media::picture decoded(const std::filesystem::path& file);

/// One job's folder, with `in` for the input and `out` for what is made.
class workbench {
public:
  workbench();

  /// The input's bytes are @p bytes from now on.
  void input(std::string_view bytes, std::string media_type);
  /// Runs one job on the input and keeps its answer.
  result<media::job_result> run(media::job_function jobs, media::job_kind kind);
  /// The same, for a job that must fail: the code's name, or `ok` if it does not.
  std::string failure(media::job_function jobs, media::job_kind kind);

  std::filesystem::path out(std::string_view name) const;
  /// The names of what is in the output folder, sorted.
  std::vector<std::string> made() const;

  media::job work;
  std::filesystem::path input_file; ///< Where input() writes.
  media::settings options;
  std::vector<double> progress;

private:
  temp_root root_;
};

} // namespace mediad::tests
