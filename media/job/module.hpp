#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "media/job/job.hpp"
#include "media/settings.hpp"

#include <functional>

/// What one kind of worker brings along. Each kind is a loadable library beside the program,
/// `mediad-codec-<kind>.so`, because the libraries behind it are slow to load (OpenImageIO takes
/// 0.3 s and 134 MB): a process loads only its own.
namespace mediad::media {

/// What a job may use besides its own fields.
struct job_context {
  const parameters& options; ///< job::parameters.
  const office_options& office;
  /// Reports how far the job is, 0..1; cheap to call often, may be called from any one thread.
  std::function<void(double)> progress;
  /// Where input_growth comes from; -1 unless has_growing_input.
  int growth = -1;
  /// The original. A job that follows another may not reopen() it.
  opened_file input{-1};
  opened_folder output{-1}; ///< job::output_dir, open; none if the job makes no files.
};

/// Does one job: reads job_context::input, writes fixed names into job_context::output and returns
/// what it found. `bytes` and `sha256` of the files stay empty: the worker's main fills them in. An
/// exception becomes errc::internal.
using job_function = result<job_result> (*)(const job& work, const job_context& context);

// One per kind, defined in media/kinds/<kind>_jobs.cpp. For a job of another kind each returns
// errc::bad_request.
result<job_result> run_light(const job& work, const job_context& context);
result<job_result> run_deep_image(const job& work, const job_context& context);
result<job_result> run_av(const job& work, const job_context& context);
result<job_result> run_document(const job& work, const job_context& context);

/// A program that takes long to start (LibreOffice: most of a second). The worker starts one for
/// each job before the job arrives; it serves that job alone, and ends with it.
struct job_companion {
  /// Whether one is wanted at all.
  bool (*is_wanted)(const worker_settings& options) = nullptr;
  /// Becomes the program, in a process that is confined already and whose /tmp, empty and in
  /// memory, is all that it may write to. Returns only if it cannot.
  void (*exec)(const worker_settings& options) = nullptr;
  /// Called in the job's process, before job_module::run: waits until the program is ready, or
  /// cannot be. @param folder what the program knows as /tmp; stays open.
  void (*wait_ready)(const worker_settings& options, int folder) = nullptr;
};

/// All that the program `mediad-codec` needs to know about a kind.
struct job_module {
  job_function run = nullptr;
  /// Whether the job of this input must start other programs (LibreOffice); all others may not.
  /// Called in the process of that job.
  bool (*starts_programs)(const opened_file& input) = nullptr;
  /// Called once in the worker, before the first job and from its only thread: gets ready what
  /// every job would otherwise do again in a process of its own. Must not start threads.
  void (*prepare)() = nullptr;
  const job_companion* companion = nullptr; ///< Started for each job; most kinds have none.
  /// Called in the process of each job before the job arrives, when no client waits for it; or
  /// null. Must not start threads.
  void (*warm_up)() = nullptr;
};

/// The one symbol that the program looks up in a kind's library.
inline constexpr auto jobs_symbol = "mediad_codec_jobs";

} // namespace mediad::media

extern "C" [[gnu::visibility("default")]] const mediad::media::job_module* mediad_codec_jobs();
