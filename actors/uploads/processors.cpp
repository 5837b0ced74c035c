#include "actors/uploads/processors.hpp"

#include "actors/errors.hpp"
#include "actors/uploads/job_cost.hpp"
#include "media/job/facts.hpp"
#include "media/job/routing.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace mediad::actors {
namespace {

using media::job_kind;
using processor_impl = processor_actor::extend<caf::reacts_to<progress_atom, double>>;

bool is_preview(const plan_step& step) {
  return step.shown_as == stage::preview;
}

struct processor_state {
  static inline const char* name = "processor";

  processor_state() = default;

  processor_impl::pointer self = nullptr;
  processor_deps deps;
  processing_plan plan;
  std::size_t at = 0; ///< Index in plan of the step that runs.
  mediad::profile profile = mediad::profile::other;
  assignment current;
  extent known; ///< What jobs are expected to cost follows from it.
  storage::finished_attempt made;
  caf::typed_response_promise<storage::finished_attempt> promise;

  caf::result<storage::finished_attempt> begin(assignment&& a) {
    current = std::move(a);
    plan = plan_for(profile, current.record.media_type);
    known = extent_of(current.record.bytes, current.record.media);
    made.id = current.record.id;
    made.attempt = current.record.attempt;
    promise = self->make_response_promise<storage::finished_attempt>();
    run_step();
    return promise;
  }

  void run_step() {
    // Skip the preview step if an early preview exists.
    if (at < plan.size() && is_preview(plan[at]) && current.record.preview.exists())
      ++at;
    if (at == plan.size())
      return finish();
    report(0);
    const auto& step = plan[at];
    // No limit of its own: the pool answers every job, at its lane's deadline at the latest, and
    // how long one waits for its turn is the backlog's matter.
    self
      ->request(deps.pool, caf::infinite, run_atom_v, job_for(step), step.where,
                progress_sink{self})
      .then([this](media::job_result& done) { take(std::move(done)); },
            [this](const caf::error& e) { go_on_without(e); });
  }

  // What takes too long is left out: the preview and all that was made before are worth having.
  void go_on_without(const caf::error& problem) {
    const auto& step = plan[at];
    const auto why = from_caf(problem).code;
    if (why != errc::timeout || is_preview(step) || step.what == job_kind::archive)
      return give_up(problem);
    media::facts left_out;
    left_out.add(std::string{to_string(step.shown_as)} + "_failed", to_string(why));
    made.media = media::merged_facts(made.media, left_out.text());
    // The text would wait for the same conversion.
    if (step.what == job_kind::document_pages && media::is_office_type(current.record.media_type))
      ++at;
    next_step();
  }

  media::job job_for(const plan_step& step) const {
    media::job j;
    j.file_id = current.record.id;
    j.owner = j.payer = current.record.user;
    j.kind = step.what;
    j.output_dir = current.work_dir;
    j.name = current.record.name;
    j.media_type = current.record.media_type;
    j.parameters = deps.parameters;
    j.sha256 = current.record.sha256;
    j.bytes = current.record.bytes;
    j.modified_at = current.record.modified_at;
    j.cost_ms = cost_ms_of(j.kind, j.media_type, known);
    if (step.what == job_kind::archive)
      j.members = made.renditions;
    return j;
  }

  void take(media::job_result done) {
    const auto& step = plan[at];
    if (is_preview(step))
      return publish_preview(std::move(done));
    made.media = media::merged_facts(made.media, done.media);
    if (step.what == job_kind::archive && !done.files.empty()) {
      made.archive = std::move(done.files.front());
      made.splices = std::move(done.splices);
    } else
      std::move(done.files.begin(), done.files.end(), std::back_inserter(made.renditions));
    next_step();
  }

  void publish_preview(media::job_result done) {
    follow(done.profile);
    known = extent_of(current.record.bytes, media::merged_facts(current.record.media, done.media));
    preview_made preview;
    preview.profile = done.profile;
    preview.media = std::move(done.media);
    preview.preview.thumbhash = std::move(done.thumbhash);
    if (!done.files.empty())
      preview.preview.file = std::move(done.files.front());
    self->request(deps.upload, caf::infinite, preview)
      .then([this](caf::ok_atom) { next_step(); }, [this](const caf::error& e) { give_up(e); });
  }

  // The preview's decoder saw the streams; identification saw only the first bytes.
  void follow(mediad::profile found) {
    if (found == mediad::profile::other || found == profile)
      return;
    profile = found;
    plan = plan_for(profile);
    at = 0;
  }

  void next_step() {
    report(1);
    ++at;
    run_step();
  }

  void report(double step_fraction) {
    stage_progress p;
    p.file_id = current.record.id;
    p.now_at = plan[at].shown_as;
    p.fraction = (weight_before(at) + plan[at].weight * step_fraction) / weight_before(plan.size());
    self->send(deps.upload, p);
  }

  double weight_before(std::size_t end) const {
    return std::accumulate(plan.begin(), plan.begin() + static_cast<std::ptrdiff_t>(end), 0.0,
                           [](double sum, const plan_step& s) { return sum + s.weight; });
  }

  void finish() {
    promise.deliver(std::move(made));
    self->quit();
  }

  void give_up(const caf::error& e) {
    promise.deliver(e);
    self->quit();
  }
};

processor_impl::behavior_type processor(processor_impl::stateful_pointer<processor_state> self,
                                        profile kind, processor_deps deps) {
  auto& state = self->state;
  state.self = self;
  state.profile = kind;
  state.deps = std::move(deps);
  return {
    [self](process_atom, assignment& a) { return self->state.begin(std::move(a)); },
    [self](progress_atom, double fraction) { self->state.report(std::clamp(fraction, 0.0, 1.0)); },
  };
}

} // namespace

processing_plan plan_for(profile kind, std::string_view media_type) {
  const plan_step archive{job_kind::archive, lane::batch, stage::archive, 1};
  switch (kind) {
  case profile::image:
    return {{job_kind::image_preview, lane::preview, stage::preview, 1},
            {job_kind::image_renditions, lane::batch, stage::renditions, 6},
            archive};
  case profile::video:
    return {{job_kind::video_preview, lane::preview, stage::preview, 1},
            {job_kind::video_screenshots, lane::batch, stage::screenshots, 3},
            {job_kind::video_compress, lane::batch, stage::compress, 40},
            {job_kind::video_stream, lane::batch, stage::compress, 2},
            archive};
  case profile::audio:
    return {{job_kind::audio_preview, lane::preview, stage::preview, 3},
            {job_kind::audio_renditions, lane::batch, stage::renditions, 6},
            archive};
  case profile::document:
    return {{job_kind::document_preview, lane::preview, stage::preview, 2},
            {job_kind::document_pages, lane::batch, stage::pages, 6},
            {job_kind::document_text, lane::batch, stage::text, 1},
            archive};
  case profile::other:
    if (media::is_archive_type(media_type))
      return {{job_kind::archive_listing, lane::batch, stage::text, 1}, archive};
    return {archive};
  }
  return {archive};
}

processor_actor spawn_processor(caf::actor_system& sys, profile kind, processor_deps deps) {
  return sys.spawn(processor, kind, std::move(deps));
}

} // namespace mediad::actors
