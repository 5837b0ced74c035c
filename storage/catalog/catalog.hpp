#pragma once

#include "base/event.hpp"
#include "base/record.hpp"
#include "storage/catalog/database.hpp"
#include "storage/catalog/upload_rows.hpp"
#include "storage/catalog/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Rows as values: what the tables hold, read and written within one transaction.
namespace mediad::storage {

/// What listings and start-up need to know of a record without reading it.
struct catalog_entry {
  status state = status::receiving;
  mediad::profile profile = mediad::profile::other;
  bool has_preview = false;
  bool has_renditions = false;
  bool has_archive = false;
  /// The stored archive lacks its spliced members, so no link is made in the user's folder.
  bool is_spliced = false;
  bool is_part = false; ///< Part of a concatenation; hidden from listings.

  static catalog_entry of(const file_record& r);
};

struct blob {
  std::uint64_t bytes = 0;
  std::uint64_t users = 0; ///< Records that share it; never 0 in the table.
};

// Keys and values of the tables.
std::string number_key(std::uint64_t n);
result<std::uint64_t> parse_number(std::string_view key);
std::string user_key(std::string_view user, std::string_view id_or_link);
/// The part of a user_key behind the user.
std::string_view after_user(std::string_view key);
std::string_view user_of(std::string_view key);
std::string encode(const catalog_entry& e);
result<catalog_entry> parse_entry(std::string_view value);
result<blob> parse_blob(std::string_view value);
result<event> parse_event(std::string_view key, std::string_view value);

/// Reads rows. Must not outlive its transaction.
class catalog_reader {
public:
  catalog_reader(const lmdb::read_txn& txn, const tables& t) : reading_{txn}, tables_{t} {}

  /// @returns errc::not_found if there is no such record.
  result<file_record> find(std::string_view id) const;
  result<std::optional<blob>> find_blob(std::string_view sha256) const;
  /// The id of the record that has this link; empty if it is free.
  result<std::string> link_owner(std::string_view user, std::string_view link_name) const;
  /// @returns errc::not_found unless the upload was made to be resumed.
  result<upload_state> find_upload(std::string_view id) const;
  /// What came of an earlier request under this key.
  result<std::optional<key_row>> find_key(std::string_view user, std::string_view key) const;
  /// All zero for a user who has nothing.
  result<usage> find_usage(std::string_view user) const;
  /// At most @p at_most ids of uploads that expired before @p now, the oldest first.
  result<std::vector<std::string>> expired(unix_ms now, std::size_t at_most) const;
  /// Of the newest event ever stored; 0 before the first.
  result<std::uint64_t> last_seq() const;

protected:
  const lmdb::read_txn& reading_;
  const tables& tables_;
};

/// Reads and writes rows, and keeps the tables consistent with each other.
class catalog : public catalog_reader {
public:
  catalog(lmdb::write_txn& txn, const tables& t) : catalog_reader{txn, t}, writing_{txn} {}

  /// The record and all that is derived from it: by_user, unfinished, links, usage.
  result<> put(const file_record& r);
  result<> erase(const file_record& r);

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

  /// One user more; @p bytes counts for a new blob only.
  result<> add_blob_user(std::string_view sha256, std::uint64_t bytes);
  /// One user less. @returns true if that was the last, and its row is gone.
  result<bool> drop_blob_user(std::string_view sha256);

  /// Gives @p e the next number, writes it, and returns that number. @p frame makes e.text of it.
  template <class Frame>
  result<std::uint64_t> append(event& e, Frame frame) {
    auto last = last_seq();
    if (!last)
      return last;
    e.seq = *last + 1;
    e.text = frame(e.seq);
    if (auto ok = put_event(e); !ok)
      return fail(ok.error());
    return e.seq;
  }

  /// Removes at most @p at_most of the oldest events beyond the newest @p keep.
  result<> trim_events(std::uint64_t keep, std::size_t at_most);

private:
  result<> put_event(const event& e);
  /// Replaces @p before by @p now in the user's usage.
  result<> count(std::string_view user, const usage& before, const usage& now);
  lmdb::write_txn& writing_;
};

} // namespace mediad::storage
