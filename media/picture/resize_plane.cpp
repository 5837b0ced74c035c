#include "media/picture/resize_plane.hpp"

#include "media/picture/zimg_graph.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace mediad::media {
namespace {

zimg_image_format format_of(extent size) {
  zimg_image_format format{};
  zimg_image_format_default(&format, ZIMG_API_VERSION);
  format.width = size.width;
  format.height = size.height;
  format.pixel_type = ZIMG_PIXEL_BYTE;
  format.color_family = ZIMG_COLOR_GREY;
  format.matrix_coefficients = ZIMG_MATRIX_UNSPECIFIED;
  format.pixel_range = ZIMG_RANGE_FULL;
  return format;
}

error zimg_failure(const char* what) {
  std::array<char, 256> text{};
  zimg_get_last_error(text.data(), text.size());
  return fail(errc::internal, std::string{what} + ": " + text.data());
}

plane copy_of(const plane& source) {
  plane made{source.width, source.height};
  for (std::uint32_t y = 0; y < source.height; ++y)
    std::memcpy(made.row(y), source.row(y), source.width);
  return made;
}

} // namespace

result<plane> resize_plane(const plane& source, covered_samples covered, extent to) {
  const extent from{source.width, source.height};
  covered.width = std::min<double>(covered.width, from.width);
  covered.height = std::min<double>(covered.height, from.height);
  if (from == to && covered.width == from.width && covered.height == from.height)
    return copy_of(source);
  auto in = format_of(from);
  in.active_region.left = in.active_region.top = 0;
  in.active_region.width = covered.width;
  in.active_region.height = covered.height;
  const auto out = format_of(to);
  zimg_graph_builder_params params{};
  zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
  params.resample_filter = ZIMG_RESIZE_LANCZOS;
  params.filter_param_a = 3;
  params.cpu_type = ZIMG_CPU_AUTO;
  const filter_graph graph{zimg_filter_graph_build(&in, &out, &params)};
  if (!graph)
    return zimg_failure("zimg_filter_graph_build");
  std::size_t scratch_bytes = 0;
  if (zimg_filter_graph_get_tmp_size(graph.get(), &scratch_bytes) != ZIMG_ERROR_SUCCESS)
    return zimg_failure("zimg_filter_graph_get_tmp_size");
  const auto scratch = allocate_aligned(scratch_bytes);
  plane made{to.width, to.height};
  zimg_image_buffer_const in_buffer{};
  zimg_image_buffer out_buffer{};
  in_buffer.version = out_buffer.version = ZIMG_API_VERSION;
  in_buffer.plane[0] = {source.bytes.get(), static_cast<std::ptrdiff_t>(source.stride),
                        ZIMG_BUFFER_MAX};
  out_buffer.plane[0] = {made.bytes.get(), static_cast<std::ptrdiff_t>(made.stride),
                         ZIMG_BUFFER_MAX};
  if (zimg_filter_graph_process(graph.get(), &in_buffer, &out_buffer, scratch.get(), nullptr,
                                nullptr, nullptr, nullptr)
      != ZIMG_ERROR_SUCCESS)
    return zimg_failure("zimg_filter_graph_process");
  return made;
}

} // namespace mediad::media
