#include "base/log.hpp"
#include "media/av/facts.hpp"
#include "media/job/facts.hpp"
#include "media/video/av1.hpp"
#include "media/video/copy.hpp"
#include "media/video/jobs.hpp"
#include "media/video/pass.hpp"
#include "media/video/source.hpp"
#include "media/video/subtitles.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mediad::media {
namespace {

constexpr auto output_name = "video.mp4";
// x264 halves its bits with about that many steps of its rate factor.
constexpr double steps_per_half = 6;
constexpr int lowest_quality = 51;
constexpr double h264_fraction = 0.3; // The part of the work that H.264 is, if AV1 follows it.
constexpr int max_steps = 12;         // One busy scene at the beginning is not the whole film.
constexpr double lowest_kbps = 64;    // What is below this is less than a player's own overhead.
// An encode that grew too large is given up and done anew with a coarser quality, so often at most.
constexpr int max_tries = 5;

result<video_source> open_whole(const job& work, const job_context& context) {
  auto file = open_pictures(work, context);
  if (!file)
    return fail(file.error());
  if (auto ok = av::check_index(*file, *file->video()); !ok)
    return fail(ok.error());
  return with_shape(std::move(*file), context.options.limits);
}

job_result describe(extent size) {
  made_file made;
  made.name = output_name;
  made.media_type = "video/mp4";
  made.width = size.width;
  made.height = size.height;
  job_result done;
  done.files.push_back(std::move(made));
  return done;
}

/// What the pictures of a new file may have, so that it grows no more than @p growth times; sound
/// that is encoded counts, too.
double max_bytes_of(const av::input& file, double growth, const video_options& options) {
  const double length = file.duration_s().value_or(0);
  const double sound =
    file.audio() == nullptr ? 0 : length * static_cast<double>(options.audio_kbps) * 1'000 / 8;
  const double least = std::max(length, 1.0) * lowest_kbps * 1'000 / 8;
  return std::max(least, growth * static_cast<double>(file.size()) - sound);
}

/// One try at the rate factor @p crf. @returns by how many times too large it became; 1: there is
/// a file.
result<double> encode_at(int crf, bool last, const job& work, const job_context& context,
                         job_result& done) {
  auto source = open_whole(work, context);
  if (!source)
    return fail(source.error());
  auto& [file, shape] = *source;
  const double growth = tolerated_growth(*file.video());
  video_pass running{file, shape, {video_codec::h264, crf}, context};
  const auto output = context.output / output_name;
  if (auto ok = running.open(output, last ? 0 : max_bytes_of(file, growth, context.options.video));
      !ok)
    return fail(ok.error());
  if (auto ok = running.run(); !ok)
    return fail(ok.error());
  done = describe(running.size());
  return running.excess();
}

job_context reporting_to(const job_context& context, std::function<void(double)> progress) {
  auto same = context;
  same.progress = std::move(progress);
  return same;
}

/// Encodes with the quality of the options, or with the coarser one that is needed for a file no
/// larger than its source.
result<job_result> encode_video(const job& work, const job_context& context) {
  double reached = 0;
  double base = 0;
  // What comes of a new try goes on from where the one before it was given up.
  const auto eased = reporting_to(context, [&](double part) {
    reached = base + (1 - base) * part;
    context.progress(reached);
  });
  int crf = context.options.video.crf;
  for (int tries = 1;; ++tries) {
    const bool last = tries == max_tries || crf == lowest_quality;
    job_result done;
    const auto excess = encode_at(crf, last, work, eased, done);
    if (!excess)
      return fail(excess.error());
    if (*excess <= 1)
      return done;
    // A coarse picture hardly shrinks any more, so each try takes larger steps.
    const int steps = static_cast<int>(std::ceil(steps_per_half * std::log2(*excess)));
    crf = std::min(lowest_quality, crf + tries * std::clamp(steps, 1, max_steps));
    base = reached;
  }
}

/// What is known before anything is encoded.
struct attempt {
  video_method method = video_method::encode; ///< Any other: it is done.
  extent size;
  std::string sounds; ///< See av::facts_of_sounds().
};

result<attempt> try_copy(const job& work, const folder_entry& output, const job_context& context) {
  auto source = open_whole(work, context);
  if (!source)
    return fail(source.error());
  auto& [file, shape] = *source;
  attempt tried{video_method::encode, shape.shown, av::facts_of_sounds(file)};
  const auto method = method_for(file, *file.video(), shape, context.options.video);
  if (method == video_method::encode)
    return tried;
  const auto copied = copy_video(file, method, output, context);
  if (!copied)
    return fail(copied.error());
  if (*copied)
    tried.method = method;
  return tried;
}

/// What ends the whole job; of anything else only what was being made is missing.
bool ends_job(errc code) {
  return code == errc::cancelled || code == errc::storage_full || code == errc::storage_io;
}

/// The AV1 file is an extra: without it there is still all that browsers need.
/// @param compressed gets the reason if there is none.
result<> try_av1(const job& work, const job_context& context, job_result& done, facts& compressed) {
  const auto made = add_av1(work, context, done);
  if (made || ends_job(made.error().code))
    return made;
  log::warning("worker", "no AV1 of " + work.file_id + ": " + made.error().detail);
  compressed.add("av1_failed", to_string(made.error().code));
  context.progress(1);
  (context.output / av1_output_name).remove(); // the server takes only what done names
  return {};
}

} // namespace

result<job_result> video_compress(const job& work, const job_context& context) {
  const bool av1 = context.options.video.av1;
  const auto first = reporting_to(
    context, [&](double part) { context.progress(av1 ? h264_fraction * part : part); });
  const auto output = context.output / output_name;
  const auto tried = try_copy(work, output, first);
  if (!tried)
    return fail(tried.error());
  auto done = tried->method == video_method::encode ? encode_video(work, first)
                                                    : result<job_result>{describe(tried->size)};
  if (!done)
    return done;
  if (auto ok = add_subtitles(work, context, *done); !ok)
    return fail(ok.error());
  const auto second = reporting_to(
    context, [&](double part) { context.progress(h264_fraction + (1 - h264_fraction) * part); });
  facts compressed;
  compressed.add("method", to_string(tried->method));
  if (auto ok = av1 ? try_av1(work, second, *done, compressed) : result<>{}; !ok)
    return fail(ok.error());
  facts found{std::move(done->media)};
  found.add("compressed", compressed);
  if (!tried->sounds.empty())
    found.add_json("sounds", tried->sounds);
  done->media = std::move(found).text();
  return done;
}

} // namespace mediad::media
