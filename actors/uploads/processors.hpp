#pragma once

#include "actors/protocol.hpp"

#include <caf/actor_system.hpp>

#include <string_view>
#include <vector>

namespace mediad::actors {

/// One job of a plan.
struct plan_step {
  media::job_kind what = media::job_kind::archive;
  lane where = lane::batch;
  stage shown_as = stage::none;
  double weight = 1; ///< Its share of the whole, against the other steps'.
};

/// What is made of a file of one profile, in order. A preview, where there is one, comes first and
/// in the preview lane; the archive comes last.
using processing_plan = std::vector<plan_step>;

/// @param media_type may add to it: an archive is listed.
processing_plan plan_for(profile kind, std::string_view media_type = {});

struct processor_deps {
  codec_pool_actor pool;
  upload_actor upload;          ///< Hears of previews and progress.
  media::parameters parameters; ///< Every job carries them.
};

/// Spawns the processor of a profile: it carries out plan_for(kind) step by step, publishes the
/// preview through its upload as soon as it is made, and answers with everything else. A preview
/// job may correct the profile (a video container that only has sound): the plan follows. The
/// preview of a record that has one is not made again.
processor_actor spawn_processor(caf::actor_system& sys, profile kind, processor_deps deps);

} // namespace mediad::actors
