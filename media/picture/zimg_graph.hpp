#pragma once

#include <memory>
#include <zimg.h>

namespace mediad::media {

struct free_graph {
  void operator()(zimg_filter_graph* graph) const noexcept {
    zimg_filter_graph_free(graph);
  }
};

/// A graph of zimg's, owned.
using filter_graph = std::unique_ptr<zimg_filter_graph, free_graph>;

} // namespace mediad::media
