#include "media/av/filter_graph.hpp"

#include "media/av/frame_light.hpp"
#include "media/av/releases.hpp"

#include <new>
#include <utility>

namespace mediad::media::av {
namespace {

using inout_ptr = std::unique_ptr<AVFilterInOut, free_by_address<avfilter_inout_free>>;

/// One open end of the chain being parsed.
inout_ptr open_end(const char* name, AVFilterContext* filter) {
  inout_ptr end{avfilter_inout_alloc()};
  if (!end)
    throw std::bad_alloc{};
  end->name = av_strdup(name);
  end->filter_ctx = filter;
  return end;
}

std::string source_arguments(const AVFrame& like, AVRational base) {
  const auto ratio = [](AVRational r, char sign) {
    return std::to_string(r.num) + sign + std::to_string(r.den);
  };
  const AVRational aspect{like.sample_aspect_ratio.num, std::max(1, like.sample_aspect_ratio.den)};
  return "width=" + std::to_string(like.width) + ":height=" + std::to_string(like.height)
         + ":pix_fmt=" + std::to_string(like.format) + ":time_base=" + ratio(base, '/')
         + ":pixel_aspect=" + ratio(aspect, '/');
}

} // namespace

video_graph::video_graph(std::function<std::string(const AVFrame&)> describe, AVRational base,
                         int threads)
  : describe_{std::move(describe)}, base_{base}, threads_{threads} {}

result<> video_graph::build(const AVFrame& like) {
  graph_.reset(avfilter_graph_alloc());
  if (!graph_)
    throw std::bad_alloc{};
  graph_->nb_threads = threads_;
  const auto arguments = source_arguments(like, base_);
  int rc = avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "in",
                                        arguments.c_str(), nullptr, graph_.get());
  if (rc >= 0)
    rc = avfilter_graph_create_filter(&sink_, avfilter_get_by_name("buffersink"), "out", nullptr,
                                      nullptr, graph_.get());
  if (rc < 0)
    return fail_reading(rc, "avfilter_graph_create_filter");
  // Parsing consumes both ends and leaves what it could not connect.
  auto* from = open_end("in", source_).release();
  auto* to = open_end("out", sink_).release();
  rc = avfilter_graph_parse_ptr(graph_.get(), describe_(like).c_str(), &to, &from, nullptr);
  avfilter_inout_free(&from);
  avfilter_inout_free(&to);
  if (rc >= 0)
    rc = avfilter_graph_config(graph_.get(), nullptr);
  if (rc < 0)
    return fail_reading(rc, "filters " + describe_(like));
  width_ = like.width;
  height_ = like.height;
  format_ = like.format;
  return {};
}

result<> video_graph::feed(const AVFrame& frame, const std::function<result<>(AVFrame&)>& sink) {
  const bool fits =
    graph_ && frame.width == width_ && frame.height == height_ && frame.format == format_;
  if (!fits) {
    if (auto ok = finish(sink); !ok)
      return ok;
    if (auto ok = build(frame); !ok)
      return ok;
  }
  auto shared = share(frame);
  drop_wild_light(*shared);
  return push(shared.get(), sink);
}

result<> video_graph::finish(const std::function<result<>(AVFrame&)>& sink) {
  if (!graph_)
    return {};
  auto done = push(nullptr, sink);
  graph_.reset();
  return done;
}

result<> video_graph::push(AVFrame* frame, const std::function<result<>(AVFrame&)>& sink) {
  // Some filters count time in units of their own.
  const auto base = av_buffersink_get_time_base(sink_);
  int rc = av_buffersrc_add_frame(source_, frame);
  while (rc >= 0 && (rc = av_buffersink_get_frame(sink_, out_.get())) >= 0) {
    out_->pts = av_rescale_q(out_->pts, base, base_);
    rescale_duration(*out_, base, base_);
    auto taken = sink(*out_);
    av_frame_unref(out_.get());
    if (!taken)
      return taken;
  }
  if (rc != AVERROR(EAGAIN) && rc != AVERROR_EOF)
    return fail_reading(rc, "filtering");
  return {};
}

} // namespace mediad::media::av
