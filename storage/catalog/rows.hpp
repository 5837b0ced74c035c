#pragma once

#include "base/account.hpp"
#include "base/audit.hpp"
#include "base/error.hpp"
#include "base/event.hpp"
#include "base/folder_right.hpp"
#include "base/record.hpp"
#include "base/share.hpp"
#include "base/upload.hpp"
#include "base/user_folder.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the tables hold beside files, as structs, and how each is stored (tagged.hpp, tags.hpp).
/// Each has a member `unknown`: fields that a newer release has stored.
namespace mediad::storage {

/// What listings and start-up need to know of a record without reading it.
struct catalog_entry {
  status state = status::receiving;
  mediad::profile profile = mediad::profile::other;
  bool has_preview = false;
  bool has_renditions = false;
  bool has_archive = false;
  bool is_spliced = false; ///< The stored archive lacks its spliced members: no link to it.
  bool is_part = false;    ///< Part of a concatenation; hidden from listings.
  unix_ms deleted_at = 0;  ///< As in file_record.
  unix_ms date = 0;        ///< As listed_file::date().
  std::string unknown{};

  static catalog_entry of(const file_record& r);
};

struct blob {
  std::uint64_t bytes = 0;
  std::uint64_t users = 0; ///< Records that share it; never 0 in the table.
  unix_ms verified_at = 0; ///< When its bytes were last found to be right; 0: never.
  std::string unknown{};
};

/// The files that one request created.
struct key_row {
  std::string fingerprint;
  std::string request;
  std::vector<std::string> files; ///< Ids, in the order of the request.
  unix_ms created_at = 0;
  std::string unknown{};
};

/// A name in one of a user's folders, and what has it.
struct link_row {
  std::string id;
  std::string name; ///< The name as it is on disk; the key has it folded.
  bool is_folder = false;
  std::string unknown{};
};

/// What a user may do in a folder of another user's, and in those below it.
struct grant_row {
  std::string folder; ///< Id; it and the user are the key, and not in the value.
  std::string user;   ///< Id of the user who may.
  folder_right right = folder_right::view;
  unix_ms created_at = 0;
  std::string unknown{};
};

struct counter_row {
  std::uint64_t number = 0;
  /// Of last_seq alone: as of which event the lists follow from the records. A release that knows
  /// no lists leaves it as it is, so that it falls behind.
  std::uint64_t listed = 0;
  std::string unknown{};
};

// What encode() writes, the parse function reads, which gives errc::internal for anything else.
// The key is not in the value: the caller sets the members that come from it.
std::string encode(const file_record& r);
std::string encode(const catalog_entry& e);
std::string encode(const blob& b);
std::string encode(const upload_state& u);
std::string encode(const key_row& k);
std::string encode(const link_row& l);
std::string encode(const user_row& u);
std::string encode(const credential_row& c);
std::string encode(const audit_row& a);
std::string encode(const share_row& s);
std::string encode(const folder_row& f);
/// @param file  the record as encode() made it; empty: the event is about none.
std::string encode(const event& e, std::string_view file);
std::string encode_user_name(std::string_view id);
std::string encode(const grant_row& g);
std::string encode(const counter_row& c);

result<file_record> parse_record(std::string_view id, std::string_view value);
result<catalog_entry> parse_entry(std::string_view value);
result<blob> parse_blob(std::string_view value);
result<upload_state> parse_upload(std::string_view id, std::string_view value);
result<key_row> parse_key_row(std::string_view value);
result<link_row> parse_link(std::string_view value);
result<user_row> parse_user(std::string_view id, std::string_view value);
result<credential_row> parse_credential(std::string_view id, std::string_view value);
result<audit_row> parse_audit(std::string_view id, std::string_view value);
result<share_row> parse_share(std::string_view id, std::string_view value);
result<folder_row> parse_folder(std::string_view id, std::string_view value);
result<event> parse_event(std::string_view key, std::string_view value);
/// @param key  the folder's id and the user's.
result<grant_row> parse_grant(std::string_view key, std::string_view value);
/// @returns the id.
result<std::string> parse_user_name(std::string_view value);
result<counter_row> parse_counter(std::string_view value);

// Numbers in keys: 64 bits, big-endian, so that they sort.
std::string number_key(std::uint64_t n);
result<std::uint64_t> parse_number_key(std::string_view key);

} // namespace mediad::storage
