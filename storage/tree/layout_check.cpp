#include "storage/tree/layout.hpp"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mediad::storage {
namespace {

namespace fs = std::filesystem;

constexpr const char* probe_name = ".mediad-probe";

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

std::optional<struct statx> look_at(const fs::path& folder) {
  struct statx about {};
  if (::statx(AT_FDCWD, folder.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_MNT_ID,
              &about)
      != 0)
    return std::nullopt;
  return about;
}

// A bind mount has the device number of what it shows and yet takes no link from outside.
bool links_reach(const struct statx& a, const struct statx& b) {
  return a.stx_dev_major == b.stx_dev_major && a.stx_dev_minor == b.stx_dev_minor
         && a.stx_mnt_id == b.stx_mnt_id;
}

// To root, access(2) grants what a full or read-only place will not: only doing it tells.
std::string try_to_write(const fs::path& folder) {
  const auto probe = folder / ".mediad-probe";
  const unique_fd fd{
    ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, stored_mode)};
  // One that is there is another check's, at this moment or when it was killed.
  if (!fd && errno != EEXIST)
    return "it is not writable: " + reason(errno);
  if (::unlink(probe.c_str()) != 0 && errno != ENOENT)
    return "files in it cannot be removed: " + reason(errno);
  return {};
}

struct expectations {
  const std::optional<struct statx>* same_mount_as = nullptr;
  bool write_to_it = true;
};

std::string problem_of(const fs::path& folder, const expectations& expected) {
  const auto about = look_at(folder);
  if (!about)
    return errno == ENOENT ? "it does not exist" : "it cannot be looked at: " + reason(errno);
  if (S_ISLNK(about->stx_mode))
    return "it is a symbolic link, where a folder must be";
  if (!S_ISDIR(about->stx_mode))
    return "it is not a folder";
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    return "it is not writable: " + reason(errno);
  if ((about->stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0)
    return "it is not writable: it is marked immutable or append-only (chattr)";
  if (expected.same_mount_as != nullptr && *expected.same_mount_as
      && !links_reach(*about, **expected.same_mount_as))
    return "it is on another file system than the store, so hard links cannot reach it";
  return expected.write_to_it ? try_to_write(folder) : std::string{};
}

class checker {
public:
  explicit checker(const fs::path& root) : root_{root}, store_{look_at(root / "store")} {}

  void check(const fs::path& relative) {
    add(relative, {&store_, true});
  }
  void check_wherever_it_is(const fs::path& relative) {
    add(relative, {nullptr, true});
  }
  // There are a thousand, and making a file in each would take most of a start's time.
  void check_shard(const fs::path& relative) {
    add(relative, {&store_, false});
    if (reports_.back().problem.empty())
      reports_.pop_back();
  }
  bool last_is_sound() const {
    return reports_.back().problem.empty();
  }
  std::vector<folder_report> done() && {
    return std::move(reports_);
  }

private:
  void add(const fs::path& relative, const expectations& e) {
    const auto folder = root_ / relative;
    reports_.push_back({folder, problem_of(folder, e)});
  }

  fs::path root_;
  std::optional<struct statx> store_;
  std::vector<folder_report> reports_;
};

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ec;
  for (fs::directory_iterator it{folder, ec}, end; !ec && it != end; it.increment(ec))
    found.push_back(it->path().filename());
  return found;
}

} // namespace

std::vector<folder_report> check_user_root(const fs::path& root) {
  checker c{root};
  c.check("users");
  if (!c.last_is_sound())
    return std::move(c).done();
  for (const auto& user : folders_in(root / "users")) {
    if (user.native().front() == '.') // No user's: a file manager's, say.
      continue;
    c.check("users" / user);
    if (!c.last_is_sound())
      continue;
    for (const auto& kind : user_folders)
      c.check("users" / user / kind);
  }
  return std::move(c).done();
}

std::vector<folder_report> check_store_root(const fs::path& root) {
  checker c{root};
  c.check("store");
  for (const auto& kind : store_folders) {
    const auto folder = fs::path{"store"} / kind;
    c.check(folder);
    if (!c.last_is_sound())
      continue;
    for (unsigned i = 0; i < shard_count; ++i)
      c.check_shard(folder / shard_name(i));
  }
  return std::move(c).done();
}

std::vector<folder_report> check_system_root(const fs::path& root) {
  checker c{root};
  c.check_wherever_it_is("system");
  for (const auto& kind : system_folders) {
    const auto folder = fs::path{"system"} / kind;
    // Nothing is moved between these and the store.
    if (kind == "db" || kind == "logs")
      c.check_wherever_it_is(folder);
    else
      c.check(folder);
  }
  return std::move(c).done();
}

result<> check_layout(const fs::path& root) {
  constexpr std::size_t max_named = 8;
  std::size_t broken = 0;
  std::string text;
  for (const auto check : {check_user_root, check_store_root, check_system_root})
    for (const auto& report : check(root)) {
      if (report.problem.empty() || ++broken > max_named)
        continue;
      text += (text.empty() ? "" : "; ") + report.folder.string() + ": " + report.problem;
    }
  if (broken == 0)
    return {};
  if (broken > max_named)
    text += "; and " + std::to_string(broken - max_named) + " more";
  return fail(errc::storage_io, text);
}

} // namespace mediad::storage
