#include "storage/tree/file_steps.hpp"

#include "base/log.hpp"
#include "base/ulid.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mediad::storage {
namespace {

// Staging, work and trash are emptied at every start, and links for people are made again or
// removed by it: only names in the store must survive a power cut. A sync of a clean folder is not
// free either: it flushes the disk's cache.
bool must_survive(const std::string& folder) {
  return folder.rfind("store/", 0) == 0;
}

/// system/<kind> and store/<kind>/<shard>; not what is made below them for one file.
bool is_standing(const std::string& folder) {
  const auto depth = std::count(folder.begin(), folder.end(), '/');
  return (depth == 1 && folder.rfind("system/", 0) == 0)
         || (depth == 2 && folder.rfind("store/", 0) == 0);
}

} // namespace

result<int> file_steps::folder(const std::string& relative) {
  if (const auto known = open_.find(relative); known != open_.end())
    return known->second.fd;
  open_folder opened;
  if (is_standing(relative)) {
    auto fd = standing_folder(relative);
    if (!fd)
      return fd;
    opened.fd = *fd;
  } else {
    auto fd = root_.folder(relative);
    if (!fd)
      return fail(fd.error());
    opened.own = std::move(*fd);
    opened.fd = opened.own.get();
  }
  return open_.emplace(relative, std::move(opened)).first->second.fd;
}

result<int> file_steps::standing_folder(const std::string& relative) {
  auto& known = tools_.standing[relative];
  if (!known) {
    auto fd = root_.folder(relative);
    if (!fd)
      return fail(fd.error());
    known = std::move(*fd);
  }
  return known.get();
}

result<int> file_steps::touch(const std::string& relative) {
  auto fd = folder(relative);
  if (fd)
    open_.at(relative).touched = true;
  return fd;
}

void file_steps::keep(const place& what) {
  for (std::size_t i = 0; i < removals_.size(); ++i)
    if (removals_[i].wanted && removals_[i].what == what) {
      removals_[i].wanted = false;
      undo_.push_back({undo_kind::revive, {}, {}, i});
    }
}

result<> file_steps::rename(const place& from, const place& to, unsigned flags) {
  note(from);
  note(to);
  auto source = touch(from.folder);
  if (!source)
    return fail(source.error());
  auto target = touch(to.folder);
  if (!target)
    return fail(target.error());
  if (::renameat2(*source, from.name.c_str(), *target, to.name.c_str(), flags) == 0)
    return {};
  const int reason = errno;
  const auto what = "rename " + from.path() + " to " + to.path();
  return reason == EEXIST ? fail(errc::conflict, what + ": it exists") : fail_errno(reason, what);
}

result<> file_steps::move(const place& from, const place& to) {
  auto done = rename(from, to, RENAME_NOREPLACE);
  if (done) {
    undo_.push_back({undo_kind::move_back, from, to});
  } else if (done.error().code == errc::conflict) {
    done = rename(from, to, RENAME_EXCHANGE);
    if (!done)
      return done;
    undo_.push_back({undo_kind::exchange_back, from, to});
    remove_later(from);
  } else {
    return done;
  }
  keep(to);
  return {};
}

result<> file_steps::move_to_trash(const place& what) {
  const place heap{"system/trash", make_ulid()};
  if (auto moved = rename(what, heap, RENAME_NOREPLACE); !moved)
    return moved;
  undo_.push_back({undo_kind::move_back, what, heap});
  remove_later(heap);
  return {};
}

result<> file_steps::make_empty(const place& folder_place) {
  if (root_.exists(folder_place))
    if (auto moved = move_to_trash(folder_place); !moved)
      return moved;
  return make(folder_place);
}

result<> file_steps::make(const place& folder_place) {
  note(folder_place);
  auto parent = touch(folder_place.folder);
  if (!parent)
    return fail(parent.error());
  auto made = root_.make(folder_place);
  if (!made && root_.exists(folder_place)) {
    if (auto moved = move_to_trash(folder_place); !moved)
      return moved;
    made = root_.make(folder_place);
  }
  if (!made)
    return fail(made.error());
  if (*made)
    undo_.push_back({undo_kind::remove_folder, {}, folder_place});
  // A descriptor of what was there before leads elsewhere now.
  if (*made)
    open_.erase(folder_place.path());
  keep(folder_place);
  return {};
}

result<> file_steps::create(const place& file) {
  note(file);
  auto parent = touch(file.folder);
  if (!parent)
    return fail(parent.error());
  unique_fd fd{::openat(*parent, file.name.c_str(),
                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640)};
  if (!fd)
    return fail_errno(errno, "create " + file.path());
  open_.at(file.folder).must_survive = true;
  undo_.push_back({undo_kind::remove_file, {}, file});
  keep(file);
  return fd.close();
}

void file_steps::remove_later(const place& what) {
  note(what);
  removals_.push_back({what, false, true});
}

void file_steps::remove_if_empty_later(const place& folder_place) {
  note(folder_place);
  removals_.push_back({folder_place, true, true});
}

void file_steps::take_back(const undo_step& step) {
  result<> done;
  switch (step.what) {
  case undo_kind::move_back: done = rename(step.to, step.from, RENAME_NOREPLACE); break;
  case undo_kind::exchange_back: done = rename(step.to, step.from, RENAME_EXCHANGE); break;
  case undo_kind::remove_file: done = root_.remove(step.to); break;
  case undo_kind::remove_folder:
    open_.erase(step.to.path());
    done = root_.remove(step.to);
    break;
  case undo_kind::revive: removals_[step.removal].wanted = true; break;
  case undo_kind::rename_back:
    done = rename(step.to, step.from, RENAME_NOREPLACE);
    redirect(step.to.path(), step.from.path());
    break;
  }
  if (!done)
    log::error("storage", done.error());
}

void file_steps::roll_back(mark m) {
  while (undo_.size() > m.steps) {
    const auto step = std::move(undo_.back());
    undo_.pop_back();
    take_back(step);
  }
  removals_.resize(m.removals);
  late_.resize(m.late);
}

result<> file_steps::settle() {
  constexpr std::size_t many = 256;
  if (open_.size() + dirty_.size() < many)
    return {};
  auto done = sync();
  open_.clear();
  return done;
}

void file_steps::sync_later(unique_fd file, std::string called) {
  dirty_.push_back({std::move(file), std::move(called)});
}

result<> file_steps::sync() {
  std::vector<sync_request> all;
  for (const auto& file : dirty_)
    all.push_back({file.fd.get(), true, file.called});
  for (auto& [relative, folder_open] : open_)
    if (const bool kept = std::exchange(folder_open.must_survive, false) || must_survive(relative);
        std::exchange(folder_open.touched, false) && kept)
      all.push_back({folder_open.fd, false, relative});
  auto done = tools_.syncs.sync_all(all);
  dirty_.clear();
  return done;
}

result<> file_steps::finish() {
  undo_.clear();
  for (const auto& entry : removals_) {
    if (!entry.wanted)
      continue;
    auto parent = touch(entry.what.folder);
    if (!parent) {
      if (parent.error().code != errc::not_found)
        log::warning("storage", parent.error().detail);
      continue;
    }
    if (entry.only_if_empty) {
      static_cast<void>(::unlinkat(*parent, entry.what.name.c_str(), AT_REMOVEDIR));
      continue;
    }
    // Nearly always a file, a folder that is empty by now, or nothing.
    if (const auto* name = entry.what.name.c_str(); ::unlinkat(*parent, name, 0) == 0
                                                    || errno == ENOENT
                                                    || ::unlinkat(*parent, name, AT_REMOVEDIR) == 0)
      continue;
    if (auto done = root_.remove(entry.what); !done)
      log::warning("storage", done.error().detail);
  }
  removals_.clear();
  if (!late_.empty())
    if (auto ok = tools_.late->add(std::exchange(late_, {})); !ok)
      return ok;
  return sync();
}

} // namespace mediad::storage
