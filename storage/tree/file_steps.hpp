#pragma once

#include "storage/tree/folders.hpp"
#include "storage/tree/late_syncs.hpp"
#include "storage/tree/step_notes.hpp"
#include "storage/tree/sync.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mediad::storage {

/// State that outlives one group: the sync threads and descriptors of permanent folders.
struct step_tools {
  syncer syncs;
  /// The server's own folders that stay, by path: opening them for each step costs as much as the
  /// step. People's folders are not among them, as those may be replaced at any time.
  std::unordered_map<std::string, unique_fd> standing;
  late_syncs* late = nullptr; ///< Only needed for link_late().
  /// Where each place is noted before it is touched; null while a start mends what it finds, which
  /// the next start would find again.
  step_notes* notes = nullptr;
};

/// The file side of one group of changes: steps that can be taken back until the commit, one sync
/// for each folder they touched, and removals that wait until the commit has happened.
///
/// The order that loses nothing: steps → sync() → the database's commit → finish().
/// A crash at any point leaves at most files that no record knows, which the next start removes: it
/// finds their places in the notes (step_notes).
class file_steps {
public:
  file_steps(const folders& root, step_tools& tools) : root_{root}, tools_{tools} {}

  /// Where roll_back() goes back to.
  struct mark {
    std::size_t steps = 0;
    std::size_t removals = 0;
    std::size_t late = 0;
  };
  mark here() const {
    return {undo_.size(), removals_.size(), late_.size()};
  }

  /// Takes back every step since @p m. What cannot be taken back is logged; the next start
  /// removes it.
  void roll_back(mark m);

  /// Renames. A file that is already at @p to goes to where this one came from, and from there
  /// after the commit.
  result<> move(const place& from, const place& to);

  /// One rename of a folder.
  struct folder_rename {
    place from;
    place to;
  };

  /// Renames folders of people, with all that is in them: all or none, also if the process is
  /// killed in between. What is about to be done is written down first, synced, in a note that goes
  /// after the commit; a start that finds one finishes it or takes it back (recovery/renames), as
  /// catalog_reader::renames() says whether the commit happened. A folder that is missing is left
  /// out: the next start makes it.
  /// @param number  of catalog::count_rename() within this transaction.
  /// @returns errc::conflict if there is something in the place of one.
  result<> rename_folders(std::uint64_t number, const std::vector<folder_rename>& all);

  /// A hard link, or a copy when the file has as many links as its file system allows. A different
  /// file that is already at @p to is replaced.
  result<> link(const place& from, const place& to);

  /// As link(), from staging into the store, whose folder is synced after the commit (late_syncs):
  /// the name in staging, which is synced already, stays until then.
  result<> link_late(const place& staged, const place& stored);

  /// Whether this name in staging may be all that a power cut would leave of a stored file.
  bool is_late(const place& staged) const;

  /// A folder of the store is synced with this group, whether or not a step touches it.
  result<> sync_too(const std::string& store_folder);

  /// As link(), but errc::conflict if there is anything at @p to.
  result<> link_new(const place& from, const place& to);

  /// A new, empty folder; what is there goes to the trash.
  result<> make_empty(const place& folder);

  /// Makes a folder unless it exists; a file or symlink in its place goes to the trash.
  result<> make(const place& folder);

  /// An empty file, where nothing may be yet. Its name outlives a power cut, whichever folder it is
  /// in.
  result<> create(const place& file);

  /// Has a file's data synced with the folders.
  void sync_later(unique_fd file, std::string called);

  /// Removes a file or a whole folder after the commit. A later step of the group that puts
  /// something there keeps it.
  void remove_later(const place& what);

  /// Removes a folder after the commit if it is empty by then.
  void remove_if_empty_later(const place& folder);

  bool exists(const place& where) const {
    return root_.exists(where);
  }

  /// Between two changes: syncs and closes what is open if that has become many descriptors.
  result<> settle();

  /// fdatasync of every file asked for and fsync of every folder of the store touched, once
  /// each, all at once: it is the commit that must come after them. An error means that nothing is
  /// certain.
  result<> sync();

  /// The removals, then a sync of their folders. Only after the commit. A file that cannot be
  /// removed is logged; the next start tries again.
  result<> finish();

private:
  enum class undo_kind {
    move_back,
    exchange_back,
    remove_file,
    remove_folder,
    revive,
    rename_back
  };
  struct undo_step {
    undo_kind what;
    place from;
    place to;
    std::size_t removal = 0;
  };
  struct removal {
    place what;
    bool only_if_empty = false;
    bool wanted = true;
  };
  struct open_folder {
    int fd = -1;
    unique_fd own; ///< Empty for a standing one.
    bool touched = false;
    bool must_survive = false;
  };

  result<int> folder(const std::string& relative);
  result<int> standing_folder(const std::string& relative);
  result<int> touch(const std::string& relative);
  void keep(const place& what);
  void note(const place& what) {
    if (tools_.notes != nullptr)
      tools_.notes->add(what);
  }
  result<> rename(const place& from, const place& to, unsigned flags);
  result<> move_to_trash(const place& what);
  result<> write_note(std::uint64_t number, const std::vector<folder_rename>& all);
  result<> rename_folder(const place& from, const place& to);
  /// What leads into a folder that was renamed leads into the new one.
  void redirect(const std::string& from, const std::string& to);
  result<> copy(const place& from, const place& to);
  void take_back(const undo_step& step);

  const folders& root_;
  step_tools& tools_;
  struct dirty_file {
    unique_fd fd;
    std::string called;
  };
  std::unordered_map<std::string, open_folder> open_;
  std::vector<dirty_file> dirty_;
  std::vector<undo_step> undo_;
  std::vector<removal> removals_;
  std::vector<late_name> late_;
};

/// The note of a renaming, and what it says (the folders' paths, relative to the root).
place rename_note(std::uint64_t number);
/// The inverse of rename_note(note).name; nothing for any other name.
std::optional<std::uint64_t> number_of_note(std::string_view name);
std::string encode_note(const std::vector<file_steps::folder_rename>& all);
/// @returns what is whole of it.
std::vector<file_steps::folder_rename> parse_note(std::string_view text);

/// @returns @p path as it is once the folder @p from is @p to; nothing if that makes no difference.
std::optional<std::string> redirected(const std::string& path, const std::string& from,
                                      const std::string& to);

/// Copies the whole of an open file into another; may share blocks where the file system can.
result<> copy_bytes(int from, int to, std::uint64_t bytes);

} // namespace mediad::storage
