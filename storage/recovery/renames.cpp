#include "storage/recovery/renames.hpp"

#include "base/file.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/file_steps.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <string>
#include <unistd.h>

namespace mediad::storage {
namespace {

constexpr std::size_t max_note_bytes = std::size_t{1} << 16U;

using renames = std::vector<file_steps::folder_rename>;

/// Every note, by its number.
result<std::map<std::uint64_t, renames>> read_notes(const folders& root) {
  std::map<std::uint64_t, renames> notes;
  const auto names = root.names(work_folder);
  if (!names)
    return fail(names.error());
  for (const auto& name : *names) {
    const auto number = number_of_note(name);
    if (!number)
      continue;
    const auto text = read_file(root.path() / work_folder / name, max_note_bytes);
    if (!text)
      return fail(text.error());
    notes.emplace(*number, parse_note(*text));
  }
  return notes;
}

/// @returns whether there was anything to rename.
result<bool> rename(const folders& root, const place& from, const place& to) {
  const auto source = root.folder(from.folder);
  const auto target = root.folder(to.folder);
  if (!source || !target)
    return false;
  const auto go = [&] {
    return ::renameat2(source->get(), from.name.c_str(), target->get(), to.name.c_str(),
                       RENAME_NOREPLACE)
           == 0;
  };
  if (go())
    return true;
  // A start makes the four folders of a user before this: an empty one must not be in the way.
  if (errno == EEXIST && ::unlinkat(target->get(), to.name.c_str(), AT_REMOVEDIR) == 0 && go())
    return true;
  // It is there already, or a person removed it: what is then missing is made anew.
  if (errno == ENOENT || errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)
    return false;
  return fail_errno(errno, "rename " + from.path() + " to " + to.path());
}

/// What was touched before a folder was renamed is there under its new name.
void follow(const place& from, const place& to, std::vector<place>& touched) {
  for (std::size_t i = 0, count = touched.size(); i < count; ++i)
    if (const auto path = redirected(touched[i].path(), from.path(), to.path()))
      touched.push_back(place_of(*path));
}

} // namespace

result<std::size_t> reconcile_renames(const database& db, const folders& root,
                                      std::vector<place>& touched) {
  const auto notes = read_notes(root);
  if (!notes)
    return fail(notes.error());
  auto txn = db.read();
  if (!txn)
    return fail(txn.error());
  const auto committed = catalog_reader{*txn, db.table()}.renames();
  if (!committed)
    return committed;
  std::size_t count = 0;
  result<> done;
  const auto go = [&](const place& from, const place& to) {
    const auto renamed = done ? rename(root, from, to) : result<bool>{false};
    if (!renamed)
      done = fail(renamed.error());
    count += renamed && *renamed ? 1 : 0;
    follow(from, to, touched);
  };
  // Later ones build upon earlier ones.
  const auto open = notes->upper_bound(*committed);
  for (auto note = notes->begin(); note != open; ++note)
    for (const auto& one : note->second)
      go(one.from, one.to);
  for (auto note = notes->end(); note != open;) {
    --note;
    for (const auto& one : note->second)
      go(one.to, one.from);
  }
  return done ? result<std::size_t>{count} : fail(done.error());
}

} // namespace mediad::storage
