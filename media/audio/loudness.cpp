#include "media/audio/loudness.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <new>
#include <utility>

namespace mediad::media {
namespace {

// The filter's word for silence is -70 LUFS, the standard's absolute threshold.
constexpr double silence_lufs = -69.9;
constexpr double min_s = 0.5;

double rounded(double value) {
  return std::round(value * 10) / 10;
}

std::optional<double> number(const AVFrame& frame, const char* key) {
  const auto* entry = av_dict_get(frame.metadata, key, nullptr, 0);
  if (entry == nullptr)
    return std::nullopt;
  const double value = std::strtod(entry->value, nullptr);
  return std::isfinite(value) ? std::optional{value} : std::nullopt;
}

} // namespace

loudness_meter::loudness_meter(av::graph_ptr graph, AVFilterContext* source, AVFilterContext* sink,
                               int channels)
  : graph_{std::move(graph)}, source_{source}, sink_{sink}, channels_{channels} {}

result<loudness_meter> loudness_meter::open(int channels) {
  av::graph_ptr graph{avfilter_graph_alloc()};
  if (!graph)
    throw std::bad_alloc{};
  graph->nb_threads = 1;
  const std::string format = std::string{"time_base=1/48000:sample_rate=48000:sample_fmt=fltp:"}
                             + "channel_layout=" + (channels == 2 ? "stereo" : "mono");
  AVFilterContext* source = nullptr;
  AVFilterContext* meter = nullptr;
  AVFilterContext* sink = nullptr;
  int rc = avfilter_graph_create_filter(&source, avfilter_get_by_name("abuffer"), "in",
                                        format.c_str(), nullptr, graph.get());
  if (rc >= 0)
    rc =
      avfilter_graph_create_filter(&meter, avfilter_get_by_name("ebur128"), "meter",
                                   "peak=true:metadata=1:framelog=verbose", nullptr, graph.get());
  if (rc >= 0)
    rc = avfilter_graph_create_filter(&sink, avfilter_get_by_name("abuffersink"), "out", nullptr,
                                      nullptr, graph.get());
  if (rc >= 0)
    rc = avfilter_link(source, 0, meter, 0);
  if (rc >= 0)
    rc = avfilter_link(meter, 0, sink, 0);
  if (rc >= 0)
    rc = avfilter_graph_config(graph.get(), nullptr);
  if (rc < 0)
    return fail(errc::internal, "ebur128 cannot be set up");
  return loudness_meter{std::move(graph), source, sink, channels};
}

result<> loudness_meter::add(std::span<const float> left, std::span<const float> right) {
  if (left.empty())
    return {};
  const auto frame = av::make_frame();
  frame->nb_samples = static_cast<int>(left.size());
  frame->format = AV_SAMPLE_FMT_FLTP;
  frame->sample_rate = rate;
  av_channel_layout_default(&frame->ch_layout, channels_);
  if (av_frame_get_buffer(frame.get(), 0) < 0)
    throw std::bad_alloc{};
  const std::array<std::span<const float>, 2> planes{left, right};
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels_); ++c) {
    auto* into = reinterpret_cast<float*>(frame->data[c]);
    // Damaged files decode to infinities and NaN, which would stay in the filter for ever.
    std::transform(planes.at(c).begin(), planes.at(c).end(), into, [](float sample) {
      return std::isfinite(sample) ? std::clamp(sample, -8.0F, 8.0F) : 0.0F;
    });
  }
  frame->pts = samples_;
  samples_ += frame->nb_samples;
  if (const int rc = av_buffersrc_add_frame(source_, frame.get()); rc < 0)
    return fail(av::fail_reading(rc, "ebur128"));
  return pull();
}

result<> loudness_meter::pull() {
  for (;;) {
    auto next = av::make_frame();
    const int rc = av_buffersink_get_frame(sink_, next.get());
    if (rc == AVERROR(EAGAIN) || rc == AVERROR_EOF)
      return {};
    if (rc < 0)
      return fail(av::fail_reading(rc, "ebur128"));
    out_ = std::move(next);
  }
}

std::optional<loudness_meter::reading> loudness_meter::read() const {
  const auto integrated = number(*out_, "lavfi.r128.I");
  if (static_cast<double>(samples_) < min_s * rate || !integrated || *integrated < silence_lufs)
    return std::nullopt;
  double peak = 0; // The filter gives a factor, and says infinity for none.
  for (const auto* key : {"lavfi.r128.true_peaks_ch0", "lavfi.r128.true_peaks_ch1"})
    peak = std::max(peak, number(*out_, key).value_or(0));
  if (peak <= 0)
    return std::nullopt;
  return reading{rounded(*integrated), rounded(number(*out_, "lavfi.r128.LRA").value_or(0)),
                 rounded(20 * std::log10(peak))};
}

} // namespace mediad::media
