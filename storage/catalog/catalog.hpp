#pragma once

#include "base/event.hpp"
#include "base/record.hpp"
#include "storage/catalog/database.hpp"
#include "storage/catalog/listing.hpp"
#include "storage/catalog/rows.hpp"
#include "storage/catalog/tiles.hpp"
#include "storage/catalog/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Rows as values: what the tables hold, read and written within one transaction. Users and folders
/// are ids here; an empty folder is the root folder of its user.
namespace mediad::storage {

// Keys of the tables. An id has 26 characters.
std::string user_key(std::string_view user, std::string_view id_or_request_key);
std::string_view user_of(std::string_view key);
/// The part of a user_key behind the user.
std::string_view after_user(std::string_view key);
/// Prefix of the keys of all names in a folder; a link's key goes on with the folded name.
std::string folder_key(std::string_view user, std::string_view folder);
std::string link_key(std::string_view user, std::string_view folder, std::string_view name);

/// How far the folders below a folder reach; all zero if there are none.
struct subtree {
  std::size_t levels = 0;
  std::size_t path_bytes = 0; ///< Length of the longest path, with its slashes.
};

/// Reads rows. Must not outlive its transaction.
class catalog_reader {
public:
  catalog_reader(const lmdb::read_txn& txn, const tables& t) : reading_{txn}, tables_{t} {}

  /// The record, with the name of its owner and the path of its folder. That of an upload whose
  /// folder was removed before it arrived has no path.
  /// @returns errc::not_found if there is no such record.
  result<file_record> find(std::string_view id) const;
  result<std::optional<blob>> find_blob(std::string_view sha256) const;
  /// What has this name in a folder, as folded_name() compares names; empty if it is free.
  result<std::optional<link_row>> find_link(std::string_view user, std::string_view folder,
                                            std::string_view name) const;
  /// @returns errc::not_found unless the upload was made to be resumed.
  result<upload_state> find_upload(std::string_view id) const;
  /// What came of an earlier request under this key.
  result<std::optional<key_row>> find_key(std::string_view user, std::string_view key) const;
  /// What the user takes up; all zero if the user has nothing.
  result<usage> find_usage(std::string_view user) const;
  /// Whether what users take up agrees with the rows, as far as that can be told without reading
  /// the records: the numbers of files, and the open uploads. Walks through all files.
  result<bool> is_usage_right() const;
  /// At most @p at_most ids of uploads that expired before @p now, the oldest first.
  result<std::vector<std::string>> expired(unix_ms now, std::size_t at_most) const;
  /// Number of the newest event ever stored; 0 before the first.
  result<std::uint64_t> last_seq() const;

  // Lists: list_rows.cpp.

  /// What lists know of a file, as it is stored; nothing if there is no such record.
  result<std::optional<listed_file>> find_listed(std::string_view id) const;
  /// Whether the file is in every list that it belongs in.
  result<bool> is_listed(const listed_file& file) const;
  /// Whether the lists follow from the records: no release that knows none has written since.
  result<bool> are_lists_current() const;
  /// How far a pass that makes the lists anew has come; nothing if none is under way.
  result<std::optional<relisting_row>> find_relisting() const;
  /// At most @p at_most tags of a user's files behind the folded one @p after (empty: the first).
  result<std::vector<tag_row>> tags(std::string_view user, std::string_view after,
                                    std::size_t at_most) const;

  /// The months of a user's files, the first one first: tile_rows.cpp.
  result<std::vector<month_count>> months(std::string_view user) const;
  /// At most @p at_most ids of files of all users that went to the trash before @p before, those
  /// that did so first coming first.
  result<std::vector<std::string>> trashed(unix_ms before, std::size_t at_most) const;
  /// At most @p at_most ids of a user's files in the trash.
  result<std::vector<std::string>> trash_of(std::string_view user, std::size_t at_most) const;

  // Users and folders: people_rows.cpp.

  /// @returns errc::not_found if there is no such user.
  result<user_row> find_user(std::string_view id) const;
  /// The id of the user of that name; empty if there is none.
  result<std::string> user_named(std::string_view name) const;
  /// All users, in the order in which they were made.
  result<std::vector<user_row>> users() const;
  /// Whether any user has ever got a password: then every request must show whose it is.
  result<bool> wants_sign_in() const;
  /// @returns errc::not_found if there is no such credential.
  result<credential_row> find_credential(std::string_view id) const;
  /// Those of a user, the oldest first; an empty @p user stands for all users.
  result<std::vector<credential_row>> credentials(std::string_view user) const;
  /// At most @p at_most ids of files and uploads of a user's, the oldest first.
  result<std::vector<std::string>> files_of(std::string_view user, std::size_t at_most) const;
  /// What was noted before the row @p before (empty: the newest), the newest first.
  result<std::vector<audit_row>> audit(std::string_view before, std::size_t at_most) const;
  /// @returns errc::not_found if there is no such share.
  result<share_row> find_share(std::string_view id) const;
  /// Those of a user, the oldest first.
  result<std::vector<share_row>> shares(std::string_view user) const;
  /// @returns errc::not_found if there is no such folder.
  result<folder_row> find_folder(std::string_view id) const;
  /// The folders in @p folder, which may be a user's id for the root folder.
  result<std::vector<folder_row>> subfolders(std::string_view folder) const;
  /// Whether there is a file or a folder in a user's folder.
  result<bool> has_links(std::string_view user, std::string_view folder) const;
  /// The names from the root folder to @p folder, with slashes between.
  result<std::string> folder_path(std::string_view folder) const;
  /// What a user has been granted in a folder itself; nothing if nothing.
  result<std::optional<folder_right>> find_grant(std::string_view folder,
                                                 std::string_view user) const;
  /// Who has been granted something in a folder itself.
  result<std::vector<grant_row>> grants_in(std::string_view folder) const;
  /// All that has been granted to a user. Reads all grants.
  result<std::vector<grant_row>> grants_to(std::string_view user) const;
  /// Sets the folders of an event, as far as they are there, and who hears it beside their owner.
  result<> add_audience(event& e) const;
  /// @param at_most  the search ends once it has found more levels than this.
  result<subtree> measure(std::string_view folder, std::size_t at_most) const;
  /// How often folders of people have been renamed (see file_steps::rename_folders).
  result<std::uint64_t> renames() const;

  /// Sets what is read along with a record.
  result<> add_names(file_record& r) const;

protected:
  result<std::uint64_t> counter(std::string_view name) const;
  result<counter_row> find_counter(std::string_view name) const;

  const lmdb::read_txn& reading_;
  const tables& tables_;
};

/// Reads and writes rows, and keeps the tables consistent with each other.
class catalog : public catalog_reader {
public:
  catalog(lmdb::write_txn& txn, const tables& t) : catalog_reader{txn, t}, writing_{txn} {}

  /// The record and all that is derived from it: by_user, unfinished, links, lists, tags, usage.
  result<> put(const file_record& r) {
    return put(r, encode(r));
  }
  /// The same, if the caller has encoded the record. @param value  is encode(r).
  result<> put(const file_record& r, std::string_view value);
  result<> erase(const file_record& r);
  /// As put(), for a record that has got another name or folder, or has one no more, or again:
  /// @p before is as it was.
  result<> put_moved(const file_record& before, const file_record& r);

  /// Empties the lists, and begins a pass that makes them anew.
  result<> begin_relisting();
  /// Lists a file that is in no list, in such a pass, which has come as far as this file.
  result<> list_again(std::string_view id, const relisting_row& pass);
  /// The pass is over: from now on the lists follow from the records.
  result<> end_relisting();
  /// The lists are wrong: the next start makes them anew.
  result<> distrust_lists();

  /// Writes the row and updates `expiring` and the user's usage.
  result<> put_upload(const upload_state& u);
  /// Does nothing if there is none.
  result<> erase_upload(std::string_view id);

  /// Inserts the key, or overwrites it keeping created_at.
  result<> put_key(std::string_view user, std::string_view key, const key_row& row);
  /// The file @p id is gone; with the last of its request the key is free again.
  result<> release_key(std::string_view user, std::string_view key, std::string_view id);
  /// At most @p at_most keys first used no later than @p until.
  result<> erase_old_keys(unix_ms until, std::size_t at_most);

  result<> put_usage(std::string_view user, const usage& u);
  /// Counts again what all users take up. Reads every record.
  result<> count_usage_again();

  result<> put_blob(std::string_view sha256, const blob& b);
  /// Counts one user more; @p bytes counts for a new blob only.
  result<> add_blob_user(std::string_view sha256, std::uint64_t bytes);
  /// Counts one user less. @returns true if that was the last, and its row is gone.
  result<bool> drop_blob_user(std::string_view sha256);

  /// Writes a new user, or one under another name.
  result<> put_user(const user_row& u);
  /// Writes a new credential, or one that has changed.
  result<> put_credential(const credential_row& c);
  /// Does nothing if there is none.
  result<> erase_credential(std::string_view id);
  /// Writes a row of the audit, and removes at most @p at_most that are older than @p until.
  result<> put_audit(const audit_row& a);
  result<> trim_audit(unix_ms until, std::size_t at_most);
  /// Gives all files, folders and unfinished uploads of @p from to @p to: what is in the root
  /// folder of @p from goes into the folder @p into, whose row is written. Request keys go.
  /// @returns how many files and uploads there were.
  result<std::size_t> give_away(const user_row& from, const user_row& to, const folder_row& into);
  /// Removes the rows of a user without files: folders, names, keys, credentials, shares, grants,
  /// usage. Of the events the numbers alone are left.
  result<> forget_user(const user_row& u);
  /// Writes a new share, or one that has changed.
  result<> put_share(const share_row& s);
  /// Does nothing if there is none.
  result<> erase_share(std::string_view id);
  /// Writes a new folder, or one under another name or in another folder.
  result<> put_folder(const folder_row& f);
  /// Removes the row of a folder in which there is nothing.
  result<> erase_folder(const folder_row& f);
  /// Replaces what has been granted in a folder.
  result<> put_grants(std::string_view folder, const std::vector<grant_row>& all);
  /// @returns the number of this renaming, from 1.
  result<std::uint64_t> count_rename();

  /// Writes @p e, whose seq follows last_seq().
  /// @param file  the value of e.file; empty: the event is about none.
  result<> put_event(const event& e, std::string_view file);

  /// Events go on from @p n.
  result<> put_last_seq(std::uint64_t n);

  /// Removes at most @p at_most of the oldest events beyond the newest @p keep.
  result<> trim_events(std::uint64_t keep, std::size_t at_most);

private:
  /// Replaces @p before by @p now in the user's usage.
  result<> count(std::string_view user, const usage& before, const usage& now);
  result<> put_counter(std::string_view name, std::uint64_t n);
  /// Takes a file out of the lists as it was, and puts it into them as it is.
  result<> relist(const std::optional<listed_file>& before, const std::optional<listed_file>& now);
  /// Writes what grids show of a file, or removes it. @param record  null: it is gone.
  result<> put_tile(const std::optional<listed_file>& before, const file_record* record);
  result<> count_month(std::string_view user, unix_ms date, bool is_more);
  result<> put_trashed(const std::optional<listed_file>& before,
                       const std::optional<listed_file>& now);
  result<> count_tag(std::string_view user, const std::string& tag, bool is_more);
  result<> count_tags(const listed_file* before, const listed_file* now);
  result<> put_link(std::string_view user, std::string_view folder, link_row row);
  result<> rekey(MDB_dbi table, const std::string& from, const std::string& to);
  result<> erase_all(MDB_dbi table, const std::vector<std::string>& keys);
  result<> give_file(const std::string& id, const user_row& to, const folder_row& into);
  result<> give_folders(const user_row& from, const user_row& to, const folder_row& into);
  result<> give_links(const user_row& from, const user_row& to, const folder_row& into);
  result<> forget_folders(const user_row& u);
  result<> forget_keys(const user_row& u);
  result<> forget_events(const user_row& u);
  lmdb::write_txn& writing_;
};

} // namespace mediad::storage
