#pragma once

#include "media/av/handles.hpp"

#include <functional>

namespace mediad::media::av {

/// A chain of libavfilter's video filters. It is built for the first frame and again whenever the
/// format or size of the frames changes, so a file may change its picture midway.
class video_graph {
public:
  /// @param describe the filters for a frame, in libavfilter's syntax, without labels.
  /// @param base     the unit of the frames' timestamps, in and out.
  video_graph(std::function<std::string(const AVFrame&)> describe, AVRational base, int threads);

  /// Filters @p frame and hands on each frame that comes of it; an error of @p sink ends it.
  result<> feed(const AVFrame& frame, const std::function<result<>(AVFrame&)>& sink);

  /// Hands on what the filters have held back.
  result<> finish(const std::function<result<>(AVFrame&)>& sink);

private:
  result<> build(const AVFrame& like);
  result<> push(AVFrame* frame, const std::function<result<>(AVFrame&)>& sink);

  std::function<std::string(const AVFrame&)> describe_;
  AVRational base_;
  int threads_ = 0;
  graph_ptr graph_;
  AVFilterContext* source_ = nullptr; // Owned by graph_.
  AVFilterContext* sink_ = nullptr;   // Owned by graph_.
  frame_ptr out_ = make_frame();
  int width_ = 0;
  int height_ = 0;
  int format_ = -1;
};

} // namespace mediad::media::av
