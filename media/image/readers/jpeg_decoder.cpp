#include "media/image/readers/jpeg_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

// NOLINTBEGIN(cert-err52-cpp): the only way out of a C library that calls us back on an error.

namespace mediad::media {
namespace {

// A progressive file of some kilobytes can ask for thousands of passes over every block.
constexpr int max_scans = 100;

// Samples of a row or column of blocks: four blocks high at most (ITU-T T.81, B.2.2).
constexpr std::size_t max_block_rows = 4 * DCTSIZE;

// What a decoder makes of blocks that are missing: the middle of all values, in RGB as in planes.
constexpr std::uint8_t middle_gray = 128;

[[noreturn]] void leave(j_common_ptr codec) {
  std::longjmp(static_cast<jpeg_failure_state*>(codec->err)->jump, 1);
}

bool means_damage(int warning) {
  switch (warning) {
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
  case JWRN_BOGUS_PROGRESSION: return true;
  default: return false; // cameras write stray bytes between segments, and odd profiles
  }
}

void note_message(j_common_ptr codec, int level) {
  auto& state = *static_cast<jpeg_failure_state*>(codec->err);
  if (level >= 0)
    return;
  state.met_end = state.met_end || state.msg_code == JWRN_JPEG_EOF;
  if (!state.damage && means_damage(state.msg_code)) {
    const auto* at = reinterpret_cast<j_decompress_ptr>(codec);
    state.damage = state.msg_code;
    state.has_rows = at->input_iMCU_row > 0 || at->input_scan_number > 1;
  }
}

// Whether what has been read so far has every component, and every bit of its coefficients. The
// scans of a sequential file give a component its quantisation table as they begin.
bool lacks_scans(const jpeg_decoder& codec) {
  for (int i = 0; i < codec.num_components; ++i) {
    if (codec.comp_info[i].quant_table == nullptr)
      return true;
    if (codec.progressive_mode == FALSE || codec.coef_bits == nullptr)
      continue;
    const auto* bits = codec.coef_bits[i];
    // For a picture at an eighth, the decoder has waited for the DC coefficient alone.
    const int wanted = codec.buffered_image != FALSE ? 1 : DCTSIZE2;
    if (!std::all_of(bits, bits + wanted,
                     [&](int left) { return wanted == 1 ? left >= 0 : left == 0; }))
      return true;
  }
  return false;
}

void note_end(jpeg_decoder& codec) {
  codec.failure.lacks_scans = codec.failure.met_end && lacks_scans(codec);
}

void limit_scans(j_common_ptr codec) {
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number > max_scans)
    ERREXIT(codec, JERR_BAD_PROGRESSION);
}

// Reads up to the end of the scans that have the DC coefficients of every component, or of the
// file.
void consume_first_scans(jpeg_decoder& codec) {
  std::array<bool, MAX_COMPONENTS> has_average{};
  for (int left = codec.num_components; left > 0;) {
    const auto reached = jpeg_consume_input(&codec);
    if (reached == JPEG_REACHED_EOI)
      return;
    if (reached != JPEG_SCAN_COMPLETED || codec.Ss != 0)
      continue;
    for (int i = 0; i < codec.comps_in_scan; ++i) {
      auto& has = has_average.at(static_cast<std::size_t>(codec.cur_comp_info[i]->component_index));
      left -= has ? 0 : 1;
      has = true;
    }
  }
}

// Also returns false for a damaged profile, which costs no pixels.
bool copy_profile(jpeg_decoder& codec, JOCTET** bytes, unsigned* length) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  return jpeg_read_icc_profile(&codec, bytes, length) != FALSE;
}

double share(int factor, int dct_size, int max_factor, int min_dct_size) {
  return static_cast<double>(factor * dct_size) / (max_factor * min_dct_size);
}

bool is_usual(double chroma) {
  return chroma == 1 || chroma == 0.5 || chroma == 0.25;
}

} // namespace

jpeg_decoder::jpeg_decoder() : jpeg_decompress_struct{} {
  err = jpeg_std_error(&failure);
  failure.error_exit = leave;
  failure.emit_message = note_message;
  watch.progress_monitor = limit_scans;
}

jpeg_decoder::~jpeg_decoder() {
  jpeg_destroy_decompress(this);
}

namespace {

bool read_header_from(jpeg_decoder& codec, std::span<const std::uint8_t> bytes,
                      jpeg_source_mgr* source) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  constexpr unsigned whole_marker = 0xFFFF;
  jpeg_create_decompress(&codec);
  codec.progress = &codec.watch;
  if (source != nullptr)
    codec.src = source;
  else // All in one piece: libjpeg-turbo's quicker decoder wants some thousand bytes ahead.
    jpeg_mem_src(&codec, bytes.data(), bytes.size());
  jpeg_save_markers(&codec, JPEG_APP0 + 1, whole_marker); // Exif
  jpeg_save_markers(&codec, JPEG_APP0 + 2, whole_marker); // ICC
  jpeg_read_header(&codec, TRUE);
  return true;
}

} // namespace

bool read_header(jpeg_decoder& codec, std::span<const std::uint8_t> bytes) {
  return read_header_from(codec, bytes, nullptr);
}

bool read_header(jpeg_decoder& codec, jpeg_source_mgr& source) {
  return read_header_from(codec, {}, &source);
}

bool start(jpeg_decoder& codec, const jpeg_request& asked) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  codec.scale_num = asked.eighths;
  codec.scale_denom = DCTSIZE;
  codec.out_color_space = asked.color;
  codec.raw_data_out = asked.as_planes ? TRUE : FALSE;
  codec.buffered_image = asked.first_scans ? TRUE : FALSE;
  jpeg_start_decompress(&codec);
  if (asked.first_scans) {
    consume_first_scans(codec);
    codec.do_block_smoothing = FALSE; // at an eighth there is nothing to smooth
    jpeg_start_output(&codec, codec.input_scan_number);
  }
  return true;
}

bool read_rows(jpeg_decoder& codec, picture& to, std::uint8_t* cmyk_row,
               const cmyk_converter* converter) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  while (codec.output_scanline < codec.output_height) {
    const auto y = codec.output_scanline;
    JSAMPROW row = converter != nullptr ? cmyk_row : to.row(y);
    jpeg_read_scanlines(&codec, &row, 1);
    if (converter != nullptr)
      converter->convert(cmyk_row, to.row(y), to.width);
  }
  note_end(codec);
  jpeg_finish_decompress(&codec);
  return true;
}

bool read_planes(jpeg_decoder& codec, planar& to) {
  if (setjmp(codec.failure.jump) != 0)
    return false;
  std::array<std::array<JSAMPROW, max_block_rows>, 3> rows; // all that are used are set below
  std::array<JSAMPARRAY, 3> parts{rows[0].data(), rows[1].data(), rows[2].data()};
  const auto lines = static_cast<JDIMENSION>(codec.max_v_samp_factor * codec.min_DCT_scaled_size);
  for (std::uint32_t block = 0; codec.output_scanline < codec.output_height; ++block) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& component = codec.comp_info[i];
      const auto high =
        static_cast<std::uint32_t>(component.v_samp_factor * component.DCT_scaled_size);
      for (std::uint32_t k = 0; k < high; ++k)
        rows[i][k] = to.parts[i].row(block * high + k);
    }
    jpeg_read_raw_data(&codec, parts.data(), lines);
  }
  note_end(codec);
  // After the first scans alone, the end of the file has not been read.
  if (codec.buffered_image == FALSE)
    jpeg_finish_decompress(&codec);
  return true;
}

bool gray_out(const jpeg_decoder& codec, picture& to) {
  const auto read = std::min(codec.output_scanline, to.height);
  if (read > 0)
    std::fill(to.row(read), to.row(to.height), middle_gray);
  return read > 0;
}

bool gray_out(const jpeg_decoder& codec, planar& to) {
  const auto read = codec.output_scanline;
  for (auto& part : to.parts) {
    const auto from = std::uint64_t{part.height} * read / std::max(1U, codec.output_height);
    for (auto y = static_cast<std::uint32_t>(from); y < part.height; ++y)
      std::fill_n(part.row(y), part.width, middle_gray);
  }
  return read > 0;
}

bool has_planes(const jpeg_decoder& codec) {
  if (codec.jpeg_color_space != JCS_YCbCr || codec.num_components != 3)
    return false;
  const auto* parts = codec.comp_info;
  const double x = share(parts[1].h_samp_factor, 1, parts[0].h_samp_factor, 1);
  const double y = share(parts[1].v_samp_factor, 1, parts[0].v_samp_factor, 1);
  return is_usual(x) && is_usual(y) && parts[1].h_samp_factor == parts[2].h_samp_factor
         && parts[1].v_samp_factor == parts[2].v_samp_factor;
}

planar planes_for(const jpeg_decoder& codec) {
  planar made;
  made.size = {codec.output_width, codec.output_height};
  for (std::size_t i = 0; i < made.parts.size(); ++i) {
    const auto& component = codec.comp_info[i];
    const auto block = static_cast<std::uint32_t>(component.DCT_scaled_size);
    const auto spare = static_cast<std::uint32_t>(component.v_samp_factor) * block * 2;
    auto& part = made.parts.at(i);
    part = plane{component.width_in_blocks * block, component.height_in_blocks * block, spare};
    part.width = component.downsampled_width;
    part.height = component.downsampled_height;
  }
  const auto& u = codec.comp_info[1];
  made.chroma_x =
    share(u.h_samp_factor, u.DCT_scaled_size, codec.max_h_samp_factor, codec.min_DCT_scaled_size);
  made.chroma_y =
    share(u.v_samp_factor, u.DCT_scaled_size, codec.max_v_samp_factor, codec.min_DCT_scaled_size);
  return made;
}

std::vector<std::uint8_t> profile_of(jpeg_decoder& codec) {
  JOCTET* bytes = nullptr;
  unsigned length = 0;
  if (!copy_profile(codec, &bytes, &length))
    return {};
  const std::unique_ptr<JOCTET, decltype(&std::free)> owned{bytes, &std::free};
  return {bytes, bytes + length};
}

error describe_failure(jpeg_decoder& codec) {
  std::array<char, JMSG_LENGTH_MAX> text{};
  codec.failure.format_message(reinterpret_cast<j_common_ptr>(&codec), text.data());
  const auto detail = std::string{"libjpeg: "} + text.data();
  switch (codec.failure.msg_code) {
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_ARITH_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_CCIR601_NOTIMPL: return fail(errc::unsupported_media, detail);
  case JERR_OUT_OF_MEMORY:
  case JERR_IMAGE_TOO_BIG: return fail(errc::too_large, detail);
  default: return fail(errc::corrupt_media, detail);
  }
}

} // namespace mediad::media

// NOLINTEND(cert-err52-cpp)
