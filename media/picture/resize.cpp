#include "media/picture/resize.hpp"

#include "media/picture/planes.hpp"
#include "media/picture/row_averager.hpp"
#include "media/picture/zimg_graph.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mediad::media {
namespace {

// Holds a few rows of each channel, as a ring: zimg asks for a row just before it needs it and says
// when one is finished, so that no second copy of the whole picture is made.
struct row_ring {
  row_ring(std::uint32_t width, std::uint32_t channels, unsigned rows, std::uint32_t height)
    : mask{zimg_select_buffer_mask(rows)} {
    const std::size_t kept = mask == ZIMG_BUFFER_MAX ? height : std::size_t{mask} + 1;
    stride = (std::size_t{width} + 63) / 64 * 64;
    for (std::uint32_t c = 0; c < channels; ++c)
      planes.at(c) = allocate_aligned(stride * kept);
  }

  std::uint8_t* row(std::uint32_t channel, unsigned y) const {
    return planes.at(channel).get() + (y & mask) * stride;
  }

  unsigned mask;
  std::size_t stride = 0;
  std::array<aligned_bytes, 4> planes;
};

struct source_rows {
  const picture& from;
  const row_ring& ring;
};

struct target_rows {
  picture& to;
  const row_ring& ring;
};

template <std::uint32_t Channels>
int unpack(void* user, unsigned y, unsigned left, unsigned right) {
  const auto& rows = *static_cast<source_rows*>(user);
  const auto* in = rows.from.row(y) + std::size_t{left} * Channels;
  std::array<std::uint8_t*, Channels> out{};
  for (std::uint32_t c = 0; c < Channels; ++c)
    out[c] = rows.ring.row(c, y);
  for (auto x = left; x < right; ++x, in += Channels)
    for (std::uint32_t c = 0; c < Channels; ++c)
      out[c][x] = in[c];
  return 0;
}

template <std::uint32_t Channels>
int pack(void* user, unsigned y, unsigned left, unsigned right) {
  const auto& rows = *static_cast<target_rows*>(user);
  auto* out = rows.to.row(y) + std::size_t{left} * Channels;
  std::array<const std::uint8_t*, Channels> in{};
  for (std::uint32_t c = 0; c < Channels; ++c)
    in[c] = rows.ring.row(c, y);
  for (auto x = left; x < right; ++x, out += Channels)
    for (std::uint32_t c = 0; c < Channels; ++c)
      out[c] = in[c][x];
  return 0;
}

zimg_image_format format_of(extent size, std::uint32_t channels) {
  zimg_image_format format{};
  zimg_image_format_default(&format, ZIMG_API_VERSION);
  format.width = size.width;
  format.height = size.height;
  format.pixel_type = ZIMG_PIXEL_BYTE;
  format.color_family = ZIMG_COLOR_RGB;
  format.matrix_coefficients = ZIMG_MATRIX_RGB;
  format.pixel_range = ZIMG_RANGE_FULL;
  format.alpha = channels == 4 ? ZIMG_ALPHA_STRAIGHT : ZIMG_ALPHA_NONE;
  return format;
}

error zimg_failure(const char* what) {
  std::array<char, 256> text{};
  zimg_get_last_error(text.data(), text.size());
  return fail(errc::internal, std::string{what} + ": " + text.data());
}

result<filter_graph> build_graph(extent from, extent to, std::uint32_t channels) {
  const auto source = format_of(from, channels);
  const auto target = format_of(to, channels);
  zimg_graph_builder_params params{};
  zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
  params.resample_filter = ZIMG_RESIZE_LANCZOS;
  params.filter_param_a = 3;
  params.cpu_type = ZIMG_CPU_AUTO;
  filter_graph graph{zimg_filter_graph_build(&source, &target, &params)};
  if (!graph)
    return zimg_failure("zimg_filter_graph_build");
  return graph;
}

template <std::uint32_t Channels>
result<> process(zimg_filter_graph* graph, const picture& source, picture& target) {
  unsigned rows_in = 0;
  unsigned rows_out = 0;
  std::size_t scratch_bytes = 0;
  if (zimg_filter_graph_get_input_buffering(graph, &rows_in) != ZIMG_ERROR_SUCCESS
      || zimg_filter_graph_get_output_buffering(graph, &rows_out) != ZIMG_ERROR_SUCCESS
      || zimg_filter_graph_get_tmp_size(graph, &scratch_bytes) != ZIMG_ERROR_SUCCESS)
    return zimg_failure("zimg buffering");
  const row_ring in{source.width, Channels, rows_in, source.height};
  const row_ring out{target.width, Channels, rows_out, target.height};
  zimg_image_buffer_const in_buffer{};
  zimg_image_buffer out_buffer{};
  in_buffer.version = out_buffer.version = ZIMG_API_VERSION;
  for (std::uint32_t c = 0; c < Channels; ++c) {
    in_buffer.plane[c] = {in.planes.at(c).get(), static_cast<std::ptrdiff_t>(in.stride), in.mask};
    out_buffer.plane[c] = {out.planes.at(c).get(), static_cast<std::ptrdiff_t>(out.stride),
                           out.mask};
  }
  const auto scratch = allocate_aligned(scratch_bytes);
  source_rows from{source, in};
  target_rows to{target, out};
  if (zimg_filter_graph_process(graph, &in_buffer, &out_buffer, scratch.get(), unpack<Channels>,
                                &from, pack<Channels>, &to)
      != ZIMG_ERROR_SUCCESS)
    return zimg_failure("zimg_filter_graph_process");
  return {};
}

std::uint32_t scaled(std::uint32_t side, std::uint32_t numerator, std::uint32_t denominator) {
  const auto exact = static_cast<double>(side) * numerator / denominator;
  return std::max(1U, static_cast<std::uint32_t>(std::lround(exact)));
}

picture averaged(const picture& source, std::uint32_t factor) {
  row_averager means{{source.width, source.height}, source.channels, factor};
  for (std::uint32_t y = 0; y < source.height; ++y)
    means.add(source.row(y));
  return std::move(means).finish();
}

} // namespace

extent fit_box(extent from, std::uint32_t box) {
  const auto longer = std::max(from.width, from.height);
  if (longer <= box)
    return from;
  return {scaled(from.width, box, longer), scaled(from.height, box, longer)};
}

extent fit_width(extent from, std::uint32_t width) {
  return {width, scaled(from.height, width, from.width)};
}

result<picture> resize(const picture& source, extent to) {
  if (extent{source.width, source.height} == to)
    return source;
  if (const auto factor = average_factor({source.width, source.height}, to);
      factor > 1 && !source.has_alpha())
    return resize(averaged(source, factor), to);
  const auto graph = build_graph({source.width, source.height}, to, source.channels);
  if (!graph)
    return fail(graph.error());
  picture target{to.width, to.height, source.channels};
  const auto done = source.has_alpha() ? process<4>(graph->get(), source, target)
                                       : process<3>(graph->get(), source, target);
  if (!done)
    return fail(done.error());
  return target;
}

} // namespace mediad::media
