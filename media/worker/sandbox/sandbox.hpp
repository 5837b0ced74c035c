#pragma once

#include "media/job/packets.hpp"
#include "media/job/sandbox_report.hpp"
#include "media/settings.hpp"
#include "media/worker/sandbox/landlock.hpp"
#include "media/worker/sandbox/namespaces.hpp"
#include "media/worker/sandbox/system_calls.hpp"

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

namespace mediad::media::sandbox {

/// What surrounds a job: it can read its input and what its kind's libraries need, write in its
/// folder, and nothing else. Made once by a worker, entered by the process of each job.
///
/// A part that the system does not have is left out and missing in report(). If a part that the
/// system has cannot be set up, the job fails.
class confinement {
public:
  /// Sets no_new_privs for this process and all it starts; the rest is only prepared.
  static result<confinement> prepare(worker_kind kind, const worker_settings& options,
                                     own_namespaces has);

  const sandbox_report& report() const {
    return report_;
  }

  /// Confines this process to @p taken, for good, and opens taken_job::output. May give that folder
  /// another name, in job::output_dir. Call with one thread.
  /// @param starts_programs see job_module.
  /// @param companion_folder of the job's companion, for the job to use too; -1: none.
  result<> enter(taken_job& taken, bool starts_programs, int companion_folder = -1) const;

  /// Confines this process, which is to become a companion, to that folder, its /tmp.
  result<> enter_as_companion(int folder) const;

private:
  enum class job_rights { plain, programs, programs_in_shared_tmp };

  struct place {
    unique_fd path;
    file_access access;
    bool only_for_programs; ///< Only for jobs that start programs.
  };

  confinement() = default;
  void find_places(worker_kind kind, const office_options& office);
  void add_place(const std::filesystem::path& path, file_access access);
  void add_place_for_programs(const std::filesystem::path& path, file_access access);
  result<> limit_resources() const;
  result<> limit_files(int input, std::initializer_list<int> folders, job_rights rights) const;

  sandbox_report report_;
  sandbox_options options_;
  std::vector<place> places_;
  std::optional<system_call_filter> for_jobs_;
  std::optional<system_call_filter> for_programs_;
};

} // namespace mediad::media::sandbox
