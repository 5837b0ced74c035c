#include "media/worker/sandbox/sandbox.hpp"

#include "base/machine.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <linux/capability.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mediad::media::sandbox {
namespace {

// AddressSanitizer reserves terabytes of address space.
#ifdef __SANITIZE_ADDRESS__
constexpr bool may_limit_memory = false;
#else
constexpr bool may_limit_memory = true;
#endif

result<> limit(__rlimit_resource what, std::uint64_t max) {
  rlimit now{};
  if (::getrlimit(what, &now) != 0)
    return fail_errno(errno, "getrlimit");
  // Never more than we were given: raising it takes rights that we may not have.
  const rlim_t wanted = std::min<rlim_t>(max, now.rlim_max);
  const rlimit both{wanted, wanted};
  return ::setrlimit(what, &both) == 0 ? result<>{} : result<>{fail_errno(errno, "setrlimit")};
}

// Root's, too: in a namespace of our own they reach no further than this process, but they open
// more of the kernel, and of its faults, to it.
result<> drop_capabilities() {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  return ::syscall(SYS_capset, &head, none.data()) == 0 ? result<>{}
                                                        : result<>{fail_errno(errno, "capset")};
}

// The directory in which execvp(3) finds @p program, with links followed.
std::filesystem::path directory_of(const std::string& program) {
  std::string_view folders;
  if (program.find('/') == std::string::npos)
    if (const char* path = std::getenv("PATH"); path != nullptr) // NOLINT(concurrency-mt-unsafe)
      folders = path;
  auto candidate = std::filesystem::path{program};
  while (!folders.empty()) {
    const auto colon = std::min(folders.find(':'), folders.size());
    candidate = std::filesystem::path{folders.substr(0, colon)} / program;
    if (::access(candidate.c_str(), X_OK) == 0)
      break;
    folders.remove_prefix(std::min(colon + 1, folders.size()));
  }
  std::error_code failed;
  return std::filesystem::canonical(candidate, failed).parent_path();
}

} // namespace

result<confinement> confinement::prepare(worker_kind kind, const worker_settings& options,
                                         own_namespaces has) {
  confinement made;
  made.options_ = options.sandbox;
  made.report_.network = has.network;
  made.report_.processes = has.processes;
  made.report_.no_new_privileges = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  made.report_.resource_limits = true;
  // The kernel gives neither Landlock nor seccomp to a process without no_new_privs.
  if (made.report_.no_new_privileges && landlock_rules::abi() >= landlock_rules::min_abi) {
    made.report_.landlock = landlock_rules::abi();
    made.find_places(kind, options.office);
  }
  if (made.report_.no_new_privileges && system_call_filter::is_supported()) {
    auto plain = system_call_filter::compile(false);
    if (!plain)
      return fail(plain.error());
    auto programs = system_call_filter::compile(true);
    if (!programs)
      return fail(programs.error());
    made.for_jobs_ = std::move(*plain);
    made.for_programs_ = std::move(*programs);
    made.report_.seccomp = true;
  }
  return made;
}

void confinement::find_places(worker_kind kind, const office_options& office) {
  if (kind == worker_kind::deep_image) // readers that are loaded late; fonts for text in SVG
    for (const auto* path : {"/usr/lib", "/usr/share/fonts", "/usr/local/share/fonts",
                             "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig"})
      add_place(path, file_access::read);
  if (kind != worker_kind::document && kind != worker_kind::office)
    return;
  for (const auto* path : {"/usr/lib", "/usr/share", "/usr/local/share", "/etc/fonts",
                           "/etc/ld.so.cache", "/var/cache/fontconfig"})
    add_place(path, file_access::read);
  if (kind != worker_kind::office)
    return;
  for (const auto* path : {"/usr/bin", "/usr/lib", "/usr/lib64", "/opt"})
    add_place_for_programs(path, file_access::execute);
  add_place_for_programs(directory_of(office.program), file_access::execute);
  for (const auto* path : {"/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice",
                           "/etc/localtime", "/dev/urandom"})
    add_place_for_programs(path, file_access::read);
  add_place_for_programs("/dev/null", file_access::work);
}

void confinement::add_place(const std::filesystem::path& path, file_access access) {
  // A path that does not exist needs no rule.
  if (auto fd = open_file(path, O_PATH); fd)
    places_.push_back({std::move(*fd), access, false});
}

void confinement::add_place_for_programs(const std::filesystem::path& path, file_access access) {
  if (auto fd = open_file(path, O_PATH); fd)
    places_.push_back({std::move(*fd), access, true});
}

result<> confinement::limit_resources() const {
  // Writing past the limit of a file is an error then, not a signal.
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN)); // NOLINT(bugprone-signal-handler)
  const auto memory = options_.memory_bytes != 0 ? options_.memory_bytes : machine_memory();
  const std::array<std::pair<__rlimit_resource, std::uint64_t>, 5> limits{{
    {RLIMIT_CORE, 0},
    {RLIMIT_AS, may_limit_memory ? memory : RLIM_INFINITY},
    {RLIMIT_CPU, options_.cpu_s},
    {RLIMIT_FSIZE, options_.file_bytes},
    {RLIMIT_NOFILE, options_.open_files},
  }};
  for (const auto& [what, max] : limits)
    if (auto done = limit(what, max); !done)
      return done;
  return {};
}

// A descriptor of -1 stands for no file.
result<> confinement::limit_files(int input, std::initializer_list<int> folders,
                                  job_rights rights) const {
  auto rules = landlock_rules::make();
  if (!rules)
    return fail(rules.error());
  if (input >= 0)
    if (auto added = rules->allow(input, file_access::read); !added)
      return added;
  for (const auto folder : folders)
    if (folder >= 0)
      if (auto added = rules->allow(folder, file_access::work); !added)
        return added;
  for (const auto& p : places_)
    if (rights != job_rights::plain || !p.only_for_programs)
      if (auto added = rules->allow(p.path.get(), p.access); !added)
        return added;
  // LibreOffice must have its socket in /tmp, and remove it when it starts itself anew.
  if (rights == job_rights::programs_in_shared_tmp)
    if (const auto tmp = open_file("/tmp", O_PATH); tmp)
      if (auto added = rules->allow(tmp->get(), file_access::listen); !added)
        return added;
  return rules->restrict_self();
}

result<> confinement::enter(taken_job& taken, bool starts_programs, int companion_folder) const {
  auto& folder = taken.work.output_dir;
  const bool own_tmp =
    starts_programs && report_.processes && !folder.empty() && mount_as_tmp(folder);
  if (own_tmp)
    folder = "/tmp";
  const auto rights = !starts_programs ? job_rights::plain
                      : own_tmp        ? job_rights::programs
                                       : job_rights::programs_in_shared_tmp;
  if (!folder.empty()) {
    auto opened = open_file(folder, O_PATH | O_DIRECTORY);
    if (!opened)
      return fail(opened.error());
    taken.output = std::move(*opened);
  }
  if (auto limited = limit_resources(); !limited)
    return limited;
  if (auto dropped = drop_capabilities(); !dropped)
    return dropped;
  if (report_.landlock > 0)
    if (auto limited =
          limit_files(taken.input.get(), {taken.output.get(), companion_folder}, rights);
        !limited)
      return limited;
  const auto& filter = starts_programs ? for_programs_ : for_jobs_;
  return filter ? filter->install() : result<>{};
}

result<> confinement::enter_as_companion(int folder) const {
  if (auto limited = limit_resources(); !limited)
    return limited;
  if (auto dropped = drop_capabilities(); !dropped)
    return dropped;
  if (report_.landlock > 0)
    if (auto limited = limit_files(-1, {folder}, job_rights::programs); !limited)
      return limited;
  return for_programs_ ? for_programs_->install() : result<>{};
}

} // namespace mediad::media::sandbox
