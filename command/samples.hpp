#pragma once

#include "base/types.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace mediad::command {

/// One small file inside the program (command/samples, made by script/make_samples).
struct sample {
  std::string_view name;
  std::string_view bytes;
  mediad::profile profile = mediad::profile::other; ///< What the server must take it for.
  bool has_preview = true;
  bool needs_office = false; ///< Only where LibreOffice is installed.
  std::vector<std::string_view> promised =
    {}; ///< Renditions it must lead to, whatever the settings.
};

/// One of every profile, and of documents one of every way in which they are read.
std::vector<sample> samples();

} // namespace mediad::command
