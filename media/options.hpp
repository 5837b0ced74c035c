#pragma once

#include "base/options/option.hpp"
#include "media/settings.hpp"

#include <vector>

namespace mediad::media {

/// One row for each member of the settings, section by section: its name, range and sentence.
/// Operators set the members by these rows, and jobs and workers hear of them by the same. A new
/// option is a member in settings.hpp and a row in options.cpp.
const std::vector<options::option<settings>>& all_options();

/// Those of them that a job carries, and those that a worker is told at its start.
const std::vector<options::option<parameters>>& job_options();
const std::vector<options::option<worker_settings>>& worker_options();

} // namespace mediad::media
