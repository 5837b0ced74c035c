#pragma once

#include "media/av/handles.hpp"

#include <optional>
#include <span>

namespace mediad::media {

/// Measures loudness by EBU R 128 (ITU-R BS.1770), by libavfilter's ebur128.
class loudness_meter {
public:
  struct reading {
    double integrated_lufs = 0;
    double range_lu = 0;
    double true_peak_dbtp = 0;
  };

  static constexpr int rate = 48'000; ///< Samples/s of what it takes.

  static result<loudness_meter> open(int channels);

  /// @param right empty for mono, else as long as @p left.
  result<> add(std::span<const float> left, std::span<const float> right);

  /// Loudness of all samples so far, to a tenth of a second; empty for silence and for less than
  /// half a second.
  std::optional<reading> read() const;

private:
  loudness_meter(av::graph_ptr graph, AVFilterContext* source, AVFilterContext* sink, int channels);
  result<> pull();

  av::graph_ptr graph_;
  AVFilterContext* source_; // Owned by graph_.
  AVFilterContext* sink_;   // Owned by graph_.
  int channels_;
  std::int64_t samples_ = 0;
  av::frame_ptr out_ = av::make_frame(); ///< The newest, which carries the reading.
};

} // namespace mediad::media
