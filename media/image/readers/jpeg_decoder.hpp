#pragma once

#include "base/error.hpp"
#include "media/picture/color.hpp"
#include "media/picture/planes.hpp"

#include <csetjmp>
#include <cstdio>
#include <optional>
#include <span>

// jerror.h numbers its codes by what jpeglib.h has defined.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

/// libjpeg-turbo, which leaves by longjmp when it fails: each step below returns false then, and
/// holds nothing that has a destructor.
namespace mediad::media {

struct jpeg_failure_state : jpeg_error_mgr {
  std::jmp_buf jump;
  std::optional<int> damage; ///< The first warning that means missing or wrong pixels.
  bool has_rows = false;     ///< Rows of blocks had been decoded when that came.
  bool met_end = false;      ///< The file ends without its end marker: that alone costs no pixel.
  bool lacks_scans = false;  ///< It ends before the scans of all components and coefficients.
};

struct jpeg_decoder : jpeg_decompress_struct {
  jpeg_failure_state failure{};
  jpeg_progress_mgr watch{};

  jpeg_decoder();
  jpeg_decoder(const jpeg_decoder&) = delete;
  jpeg_decoder& operator=(const jpeg_decoder&) = delete;
  ~jpeg_decoder();
};

/// The form in which the caller wants the pixels.
struct jpeg_request {
  unsigned eighths = 8; ///< The scale, in eighths: 1, 2, 4 or 8.
  J_COLOR_SPACE color = JCS_RGB;
  bool as_planes = false;
  bool first_scans = false; ///< Only the average of each block: enough for an eighth, and quick.
};

/// Reads @p bytes, which stay the caller's, up to the first pixels; Exif and ICC are kept.
bool read_header(jpeg_decoder& codec, std::span<const std::uint8_t> bytes);
/// The same from @p source, which stays the caller's, too.
bool read_header(jpeg_decoder& codec, jpeg_source_mgr& source);
/// Starts decoding, once the header is read. With first_scans it reads those scans.
bool start(jpeg_decoder& codec, const jpeg_request& asked);
/// @param to of the size that start() has found, three channels.
/// @param converter for CMYK, else null. @param cmyk_row room for one row of inks.
bool read_rows(jpeg_decoder& codec, picture& to, std::uint8_t* cmyk_row,
               const cmyk_converter* converter);
/// @param to as planes_for() has made it.
bool read_planes(jpeg_decoder& codec, planar& to);
/// Makes gray what read_rows() or read_planes() had not read when it failed.
/// @returns false if nothing was read.
bool gray_out(const jpeg_decoder& codec, picture& to);
bool gray_out(const jpeg_decoder& codec, planar& to);

/// Whether the pixels can be had as luma and two chroma planes.
bool has_planes(const jpeg_decoder& codec);
/// Room for the planes of the size that start() has found.
planar planes_for(const jpeg_decoder& codec);

/// The profile in its segments; empty if there is none or it is damaged.
std::vector<std::uint8_t> profile_of(jpeg_decoder& codec);

/// Why the last step that returned false has failed.
error describe_failure(jpeg_decoder& codec);

} // namespace mediad::media
