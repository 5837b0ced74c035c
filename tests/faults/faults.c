// Preloaded into the server: fails, or kills the process at, calls that change the disk.
//
// The file named by MEDIAD_FAULT_ORDER says what to do, and is read at every call, so that a test
// can change its mind: `<call> <path part> <which> <what>`, for example `sync system/db 1 kill`.
//   call   write, meta (a write to the first pages of a file), sync, rename, link, unlink, reserve
//   part   of the path; its end, if a $ follows
//   which  the n-th such call since the order was given, or * for all
//   what   kill (before the call), killafter, EIO, ENOSPC
// What was done is said in <order>.done. No order: nothing happens.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum effect { NOTHING, KILL, KILL_AFTER, FAIL };

static char order_file[PATH_MAX];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static char last_order[512];
static long count;

__attribute__((constructor)) static void start(void) {
  const char* name = getenv("MEDIAD_FAULT_ORDER");
  if (name != NULL)
    snprintf(order_file, sizeof order_file, "%s", name);
  // Not in the programs that this one starts.
  unsetenv("LD_PRELOAD");
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;)
    pause();
}

static int is_meant(const char* path, const char* part) {
  const size_t length = strlen(part), all = strlen(path);
  if (part[length - 1] != '$')
    return strstr(path, part) != NULL;
  return all + 1 >= length && memcmp(path + all + 1 - length, part, length - 1) == 0;
}

// The real calls go through syscall(): these here must not be met again.
static int read_order(char* text, size_t size) {
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, order_file, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    return 0;
  const ssize_t n = read(fd, text, size - 1);
  close(fd);
  text[n > 0 ? n : 0] = 0;
  return n > 0;
}

static void say_done(void) {
  char name[PATH_MAX + 8];
  snprintf(name, sizeof name, "%s.done", order_file);
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0)
    close(fd);
}

static enum effect decide(const char* call, const char* path, int* error) {
  char text[sizeof last_order];
  char wanted[16], part[256], which[16], what[16];
  if (order_file[0] == 0 || !read_order(text, sizeof text)
      || sscanf(text, "%15s %255s %15s %15s", wanted, part, which, what) != 4
      || strcmp(wanted, call) != 0 || !is_meant(path, part))
    return NOTHING;
  pthread_mutex_lock(&guard);
  if (strcmp(text, last_order) != 0) {
    strcpy(last_order, text);
    count = 0;
  }
  const long now = ++count;
  pthread_mutex_unlock(&guard);
  if (strcmp(which, "*") != 0 && now != atol(which))
    return NOTHING;
  say_done();
  *error = strcmp(what, "ENOSPC") == 0 ? ENOSPC : EIO;
  return strcmp(what, "kill") == 0 ? KILL : strcmp(what, "killafter") == 0 ? KILL_AFTER : FAIL;
}

static const char* path_of(int fd, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t n = readlink(link, path, PATH_MAX - 1);
  path[n > 0 ? n : 0] = 0;
  return path;
}

static const char* path_at(int dir, const char* name, char* path) {
  if (dir == AT_FDCWD || name[0] == '/')
    return name;
  path_of(dir, path);
  const size_t used = strlen(path);
  snprintf(path + used, PATH_MAX - used, "/%s", name);
  return path;
}

#define REAL(f)                                                                                    \
  static __typeof__(f)* real;                                                                      \
  if (real == NULL)                                                                                \
  real = (__typeof__(f)*)dlsym(RTLD_NEXT, #f)

// Runs `made` unless an order says otherwise.
#define GUARDED(call, path, made)                                                                  \
  int error = 0;                                                                                   \
  switch (decide(call, path, &error)) {                                                            \
  case KILL: die(); break;                                                                         \
  case KILL_AFTER:                                                                                 \
    (void)!(made);                                                                                 \
    die();                                                                                         \
    break;                                                                                         \
  case FAIL: errno = error; return -1;                                                             \
  case NOTHING: break;                                                                             \
  }                                                                                                \
  return made

#define WRITES(name, params, args, is_meta)                                                        \
  ssize_t name params {                                                                            \
    REAL(name);                                                                                    \
    char path[PATH_MAX];                                                                           \
    if (order_file[0] == 0 || path_of(fd, path)[0] != '/')                                         \
      return real args;                                                                            \
    GUARDED((is_meta) ? "meta" : "write", path, real args);                                        \
  }

enum { meta_bytes = 8192 };

WRITES(write, (int fd, const void* b, size_t n), (fd, b, n), 0)
WRITES(writev, (int fd, const struct iovec* v, int n), (fd, v, n), 0)
WRITES(pwrite, (int fd, const void* b, size_t n, off_t at), (fd, b, n, at),
       at < meta_bytes && strstr(path, "data.mdb"))
WRITES(pwrite64, (int fd, const void* b, size_t n, off64_t at), (fd, b, n, at),
       at < meta_bytes && strstr(path, "data.mdb"))
WRITES(pwritev, (int fd, const struct iovec* v, int n, off_t at), (fd, v, n, at), 0)
WRITES(pwritev64, (int fd, const struct iovec* v, int n, off64_t at), (fd, v, n, at), 0)

#define ON_FD(name, call, params, args)                                                            \
  int name params {                                                                                \
    REAL(name);                                                                                    \
    char path[PATH_MAX];                                                                           \
    GUARDED(call, path_of(fd, path), real args);                                                   \
  }

ON_FD(fsync, "sync", (int fd), (fd))
ON_FD(fdatasync, "sync", (int fd), (fd))
ON_FD(syncfs, "sync", (int fd), (fd))
ON_FD(fallocate, "reserve", (int fd, int mode, off_t at, off_t n), (fd, mode, at, n))
ON_FD(fallocate64, "reserve", (int fd, int mode, off64_t at, off64_t n), (fd, mode, at, n))

int renameat2(int from_dir, const char* from, int to_dir, const char* to, unsigned flags) {
  REAL(renameat2);
  char path[PATH_MAX];
  GUARDED("rename", path_at(to_dir, to, path), real(from_dir, from, to_dir, to, flags));
}

int linkat(int from_dir, const char* from, int to_dir, const char* to, int flags) {
  REAL(linkat);
  char path[PATH_MAX];
  GUARDED("link", path_at(to_dir, to, path), real(from_dir, from, to_dir, to, flags));
}

int unlinkat(int dir, const char* name, int flags) {
  REAL(unlinkat);
  char path[PATH_MAX];
  GUARDED("unlink", path_at(dir, name, path), real(dir, name, flags));
}
