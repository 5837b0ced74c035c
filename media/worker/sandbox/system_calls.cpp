#include "media/worker/sandbox/system_calls.hpp"

#include "base/file.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mediad::media::sandbox {
namespace {

struct release_context {
  void operator()(scmp_filter_ctx context) const noexcept {
    ::seccomp_release(context);
  }
};

using context_ptr = std::unique_ptr<void, release_context>;

constexpr std::array for_all{
  // memory and threads
  SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
  SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield),
  SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler), SCMP_SYS(gettid), SCMP_SYS(membarrier),
  SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall), SCMP_SYS(get_mempolicy),
  // signals to itself, time, chance
  SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
  SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
  SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times), SCMP_SYS(getrandom),
  // facts about this process and system
  SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
  SCMP_SYS(getegid), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrusage),
  // what is open
  SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(preadv), SCMP_SYS(write),
  SCMP_SYS(pwrite64), SCMP_SYS(writev), SCMP_SYS(pwritev), SCMP_SYS(lseek), SCMP_SYS(close),
  SCMP_SYS(close_range), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(fcntl),
  SCMP_SYS(fstat), SCMP_SYS(fstatfs), SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(fsync),
  SCMP_SYS(fdatasync), SCMP_SYS(fadvise64), SCMP_SYS(readahead), SCMP_SYS(copy_file_range),
  SCMP_SYS(sendfile), SCMP_SYS(flock), SCMP_SYS(getdents64), SCMP_SYS(poll), SCMP_SYS(ppoll),
  SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(eventfd2),
  SCMP_SYS(fchmod), SCMP_SYS(umask),
  // files: which of them is Landlock's business
  SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat),
  SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
  SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(mkdir), SCMP_SYS(mkdirat),
  SCMP_SYS(rmdir), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat),
  SCMP_SYS(renameat2), SCMP_SYS(chmod), SCMP_SYS(fchmodat)};

constexpr std::array for_programs{SCMP_SYS(fork),
                                  SCMP_SYS(vfork),
                                  SCMP_SYS(execve),
                                  SCMP_SYS(wait4),
                                  SCMP_SYS(waitid),
                                  SCMP_SYS(pidfd_open),
                                  SCMP_SYS(kill),
                                  SCMP_SYS(tgkill),
                                  SCMP_SYS(arch_prctl),
                                  SCMP_SYS(set_tid_address),
                                  SCMP_SYS(rt_sigtimedwait),
                                  SCMP_SYS(rt_sigsuspend),
                                  SCMP_SYS(getpgrp),
                                  SCMP_SYS(getpgid),
                                  SCMP_SYS(getsid),
                                  SCMP_SYS(getresuid),
                                  SCMP_SYS(getresgid),
                                  SCMP_SYS(getgroups),
                                  SCMP_SYS(chdir),
                                  SCMP_SYS(fchdir),
                                  SCMP_SYS(utimensat),
                                  SCMP_SYS(lgetxattr),
                                  SCMP_SYS(getxattr),
                                  SCMP_SYS(mprotect),
                                  SCMP_SYS(mmap),
                                  SCMP_SYS(memfd_create),
                                  SCMP_SYS(socketpair),
                                  SCMP_SYS(bind),
                                  SCMP_SYS(listen),
                                  SCMP_SYS(accept),
                                  SCMP_SYS(accept4),
                                  SCMP_SYS(shutdown),
                                  SCMP_SYS(getsockname),
                                  SCMP_SYS(getsockopt),
                                  SCMP_SYS(setsockopt),
                                  SCMP_SYS(epoll_create1),
                                  SCMP_SYS(epoll_ctl),
                                  SCMP_SYS(epoll_wait),
                                  SCMP_SYS(epoll_pwait),
                                  SCMP_SYS(setitimer),
                                  SCMP_SYS(getitimer),
                                  SCMP_SYS(alarm),
                                  SCMP_SYS(getrlimit)};

/// One condition on one argument, or none.
struct rule {
  int call;
  std::vector<scmp_arg_cmp> conditions;
};

scmp_arg_cmp is(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

scmp_arg_cmp has_none(unsigned argument, std::uint64_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}

scmp_arg_cmp has_all(unsigned argument, std::uint64_t bits) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, bits};
}

// socket(2): flags share the number with the type.
scmp_arg_cmp has_type(unsigned argument, std::uint64_t type) {
  return {argument, SCMP_CMP_MASKED_EQ, 0xF, type};
}

constexpr std::uint64_t new_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC
                                         | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

std::vector<rule> rules_for(bool starts_programs) {
  std::vector<rule> rules{
    {SCMP_SYS(prctl), {is(0, PR_SET_NAME)}},
    {SCMP_SYS(prctl), {is(0, PR_GET_NAME)}},
    {SCMP_SYS(prlimit64), {is(2, 0)}}, // only to ask
    {SCMP_SYS(sendmsg), {}},           // the answer, to the only socket there is
    {SCMP_SYS(recvmsg), {}},           // a job that follows, from there
    {SCMP_SYS(recvfrom), {}},
  };
  if (starts_programs) {
    rules.push_back({SCMP_SYS(clone), {has_none(0, new_namespaces)}});
    rules.push_back({SCMP_SYS(socket), {is(0, AF_UNIX), has_type(1, SOCK_STREAM)}});
    rules.push_back({SCMP_SYS(sendto), {is(4, 0)}});
    rules.push_back({SCMP_SYS(prctl), {is(0, PR_SET_CHILD_SUBREAPER)}});
    rules.push_back({SCMP_SYS(prctl), {is(0, PR_SET_PDEATHSIG)}});
    return rules;
  }
  rules.push_back({SCMP_SYS(clone), {has_all(0, CLONE_THREAD)}});
  // Memory is written or run, never both: libraries that load late still can.
  constexpr std::uint64_t both = PROT_WRITE | PROT_EXEC;
  for (const std::uint64_t one : {PROT_NONE, PROT_WRITE, PROT_EXEC})
    rules.push_back({SCMP_SYS(mmap), {{2, SCMP_CMP_MASKED_EQ, both, one}}});
  rules.push_back({SCMP_SYS(mprotect), {has_none(2, PROT_EXEC)}});
  return rules;
}

result<> allow(scmp_filter_ctx context, const rule& r) {
  const auto failed =
    ::seccomp_rule_add_array(context, SCMP_ACT_ALLOW, r.call,
                             static_cast<unsigned>(r.conditions.size()), r.conditions.data());
  return failed == 0 ? result<>{} : result<>{fail_errno(-failed, "seccomp_rule_add")};
}

result<> fill(scmp_filter_ctx context, bool starts_programs) {
  auto rules = rules_for(starts_programs);
  for (const int call : for_all)
    rules.push_back({call, {}});
  if (starts_programs)
    for (const int call : for_programs)
      rules.push_back({call, {}});
  for (const auto& r : rules)
    if (auto allowed = allow(context, r); !allowed)
      return allowed;
  // The flags of clone3 lie in memory, which a filter cannot read: glibc then falls back to clone.
  const auto failed = ::seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  return failed == 0 ? result<>{} : result<>{fail_errno(-failed, "seccomp_rule_add")};
}

result<std::vector<sock_filter>> export_program(scmp_filter_ctx context) {
  const unique_fd memory{::memfd_create("filter", MFD_CLOEXEC)};
  if (!memory)
    return fail_errno(errno, "memfd_create");
  if (const int failed = ::seccomp_export_bpf(context, memory.get()); failed != 0)
    return fail_errno(-failed, "seccomp_export_bpf");
  const auto bytes = ::lseek(memory.get(), 0, SEEK_END);
  std::vector<sock_filter> program(static_cast<std::size_t>(bytes) / sizeof(sock_filter));
  if (::pread(memory.get(), program.data(), static_cast<std::size_t>(bytes), 0) != bytes)
    return fail_errno(errno, "pread");
  return program;
}

} // namespace

bool system_call_filter::is_supported() {
  const std::uint32_t action = SECCOMP_RET_ERRNO;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

result<system_call_filter> system_call_filter::compile(bool starts_programs) {
  const context_ptr context{::seccomp_init(SCMP_ACT_ERRNO(EPERM))};
  if (!context)
    return fail(errc::internal, "seccomp_init");
  if (auto filled = fill(context.get(), starts_programs); !filled)
    return fail(filled.error());
  auto program = export_program(context.get());
  if (!program)
    return fail(program.error());
  return system_call_filter{std::move(*program)};
}

result<> system_call_filter::install() const {
  const sock_fprog filter{static_cast<unsigned short>(program_.size()),
                          const_cast<sock_filter*>(program_.data())}; // the kernel only reads it
  // TSYNC: should a library have started a thread already, it holds for that one too.
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) != 0)
    return fail_errno(errno, "seccomp");
  return {};
}

} // namespace mediad::media::sandbox
