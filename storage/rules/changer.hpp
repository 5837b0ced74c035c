#pragma once

#include "base/clock.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/catalog/promises.hpp"
#include "storage/changes.hpp"
#include "storage/settings.hpp"
#include "storage/tree/file_steps.hpp"
#include "storage/tree/layout.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mediad::storage {

/// What a change may look at besides its rows.
struct change_context {
  const folders& root;
  const settings& limits;
  bool room_for_more = true; ///< False: nothing new is taken in (disk or map nearly full).
};

/// Applies one change within one transaction: the rules of what may follow what. It may leave
/// half of its work behind when it fails; the caller then takes back the steps and drops
/// the transaction.
class changer {
public:
  changer(change_context context, catalog rows, file_steps& steps, unix_ms now)
    : context_{context}, rows_{rows}, steps_{steps}, now_{now} {}

  // Where uploads begin, go on and are given up: resumable.cpp.
  result<applied> operator()(const new_upload& c);
  result<applied> operator()(const appended& c);
  result<applied> operator()(const key_end& c);
  result<applied> operator()(const sweep& c);

  // Where they become files, which come and go: uploads.cpp.
  result<applied> operator()(const arrival& c);
  result<applied> operator()(const removal& c);
  result<applied> operator()(const notice& c);

  // What their owners say of them: editing.cpp. The trash: trash.cpp.
  result<applied> operator()(const file_change& c);
  result<applied> operator()(const trashing& c);
  result<applied> operator()(const restoration& c);
  result<applied> operator()(const trash_clearance& c);

  // Where they are processed: processing.cpp.
  result<applied> operator()(const identified& c);
  result<applied> operator()(const transition& c);
  result<applied> operator()(const new_preview& c);
  result<applied> operator()(const finished_attempt& c);

  // Whose they are: rules/people.cpp, rules/accounts.cpp, rules/leaving.cpp, rules/audit.cpp.
  result<applied> operator()(const new_user& c);
  result<applied> operator()(const user_rename& c);
  result<applied> operator()(const user_change& c);
  result<applied> operator()(const user_removal& c);
  result<applied> operator()(const user_clearance& c);
  result<applied> operator()(const new_sign_in_link& c);
  result<applied> operator()(const sign_in_link_use& c);
  result<applied> operator()(const second_factor_change& c);
  result<applied> operator()(const second_factor_use& c);
  result<applied> operator()(const new_credential& c);
  result<applied> operator()(const credential_removal& c);
  result<applied> operator()(const credential_use& c);
  result<applied> operator()(const credential_sweep& c);
  result<applied> operator()(const audited& c);

  // In which folder: rules/folders.cpp.
  result<applied> operator()(const new_folder& c);
  result<applied> operator()(const folder_move& c);
  result<applied> operator()(const folder_removal& c);
  result<applied> operator()(const folder_grants& c);

  // What they share: rules/shares.cpp.
  result<applied> operator()(const new_share& c);
  result<applied> operator()(const share_change& c);
  result<applied> operator()(const share_removal& c);
  result<applied> operator()(const share_use& c);

  // What was found to be missing, damaged or left over: rules/mending.cpp, rules/healing.cpp.
  result<applied> operator()(const mending& c);
  result<applied> operator()(const restored& c);
  result<applied> operator()(const lost_results& c);
  result<applied> operator()(const found_damage& c);
  result<applied> operator()(const verified& c);
  result<applied> operator()(const recount& c);
  result<applied> operator()(const unlisted& c);

private:
  result<file_record> find(std::string_view id) const;
  result<applied> announce(file_record record, std::string_view type);
  /// Tells the sharer what has become of a share.
  result<applied> announce(const share_row& share, std::string_view type);
  result<event> next_event(std::string_view type, const std::string& user) const;

  result<> check_room() const;
  result<> check_quota(std::string_view user, std::uint64_t more, usage instead) const;
  result<usage> held_for(std::string_view id, const std::vector<std::string>& parts) const;
  result<> keep_parts(const upload_state& whole);
  result<> check_open_uploads(std::string_view user) const;
  result<file_record> begin(const new_upload& c);
  result<> take_key(const file_record& r, const request_key& key);
  result<file_record> begun_or_fresh(const arrival& c);
  result<> complete_upload(const file_record& r);
  result<> give_up(const std::string& id);
  result<> store_bytes(const arrival& c, unix_ms modified_at);
  result<> link_original(file_record& r);
  /// What a worker found in the bytes, which may be hostile.
  static void take_identity(file_record& r, profile kind, const std::string& media_type,
                            const std::string& media);
  /// The same of a later step; also when it was taken.
  static void take_media(file_record& r, const std::string& media);
  /// Takes a step in the folders of a user, at @p path below the root folder: people may have
  /// removed them, and a new user does not have them yet.
  template <class Step>
  result<> in_folders(const std::string& user_name, const std::string& path, Step step) {
    auto done = step();
    if (done || done.error().code != errc::not_found)
      return done;
    if (auto made = create_user_folders(context_.root, user_name, path); !made)
      return made;
    return step();
  }
  template <class Step>
  result<> in_folders_of(const file_record& r, Step step) {
    return in_folders(r.user_name, r.folder_path, step);
  }
  result<bool> is_taken(const file_record& r) const;

  result<applied> make_account(const new_user& c);
  result<> check_admins_without(const user_row& changed) const;
  result<user_row> find_staying(const std::string& id) const;
  result<> take_away(const file_record& r);
  result<> clear(const user_row& leaver, std::size_t at_most, applied& done);
  result<applied> hand_over(const user_row& leaver, const std::string& to);
  result<folder_row> choose_folder(const user_row& leaver, const user_row& heir) const;
  result<> check_depth(const user_row& leaver, const folder_row& into) const;
  result<> end_sessions(const std::string& user, const std::string& but);
  result<> make_way(const std::vector<credential_row>& all, credential_kind wanted);

  result<share_row> own_share(const std::string& user, const std::string& id) const;
  result<> check_shared(const share_row& s) const;
  result<> check_guest(const new_upload& c) const;
  result<> count_sent(const file_record& r);

  /// A folder's place among the others.
  struct position {
    std::size_t depth = 0; ///< Depth of a folder there: 1 in the root folder.
    std::string path;      ///< Path of the parent.
  };
  result<position> position_in(const std::string& user, const std::string& parent,
                               std::string_view moved) const;
  result<> check_folder_name(const folder_row& f) const;
  result<> name_folder(folder_row& f, const std::string& user_name, const std::string& path,
                       const std::string& wanted, bool may_differ) const;
  result<event> event_about(folder_row folder, std::string_view type) const;
  result<applied> announce_folder(event announced);
  result<> check_reach(const folder_row& f, const position& at, std::size_t had_depth,
                       std::size_t had_bytes) const;
  result<> move_folders(const std::string& user_name, const std::string& from,
                        const std::string& to);
  void remove_published(const file_record& r);
  /// Removes the names of what was made of it from the person's folders, and leaves the store.
  void hide_made(const file_record& r);
  result<> show_made(const file_record& r);
  result<> describe_anew(file_record& r, const file_change& c) const;
  result<> put_elsewhere(const file_record& before, file_record& r, bool refuses_taken_name);
  /// Removes the work folder of its attempt.
  void remove_work(const file_record& r);

  result<> mend(const place& where, const promise& promised, bool relinks, applied& done);
  result<> mend_upload(const std::string& id, applied& done);
  void remove_ours(const place& where, const file_facts& there, applied& done);
  bool is_as_shown(const place& where, const promise& promised, bool relinks) const;
  result<> show(const place& stored, const place& where);
  bool is_harmed(const file_record& r) const;

  result<applied> begin_attempt(file_record r, const transition& c);
  result<made_file> take(const place& from, const place& to, made_file file);
  result<> publish_renditions(file_record& r, const finished_attempt& c, const std::string& work);
  result<> publish_archive(file_record& r, const finished_attempt& c, const std::string& work);

  change_context context_;
  catalog rows_;
  file_steps& steps_;
  unix_ms now_;
};

/// Writes the record as it is now, unless @p type says that it is gone, and its event.
result<applied> announce(catalog& rows, file_record r, std::string_view type, unix_ms now);

/// errc::other_profile for a file that may not be of its profile.
error other_than_wanted(const file_record& r);

/// The members of @p more replace or join those of @p media; both are JSON objects. What is none,
/// or too large or too deep to be honest, is left out with a warning about @p id.
std::string merge_media(const std::string& media, const std::string& more, std::string_view id);

} // namespace mediad::storage
