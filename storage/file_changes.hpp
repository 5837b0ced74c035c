#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Those of the changes by which owners keep their files in order.
namespace mediad::storage {

/// Tags of one file, bytes of each, of a description, and of metadata.
inline constexpr std::size_t max_tags = 50;
inline constexpr std::size_t max_tag_bytes = 100;
inline constexpr std::size_t max_description_bytes = 4'096;
inline constexpr std::size_t max_metadata_bytes = 16'384;

/// What an owner says of a file; a member without a value leaves things as they are. Event
/// `file.updated`, unless nothing is another than before. Errors: not_found; precondition_failed if
/// the revision is another; conflict while the file is still `receiving`, or if its name is taken
/// and that is refused; bad_request for a folder that is not the owner's, or a text that is
/// over its limit.
struct file_change {
  std::string id;
  std::optional<std::uint64_t> if_revision{};
  std::optional<std::string> name{};   ///< Cleaned as that of a new_upload.
  bool refuses_taken_name = false;     ///< Otherwise its link gets a number.
  std::optional<std::string> folder{}; ///< Id; empty: the root folder.
  std::optional<std::vector<std::string>> tags{};
  std::optional<bool> favourite{};
  std::optional<std::string> description{};
  std::optional<std::string> metadata{}; ///< A JSON object, as parse_shallow_object() takes it.
};

/// Moves a file to the trash: its names in the person's folders go, its bytes and all that was made
/// of it stay. What is unfinished is cancelled. Event `file.trashed`, unless it is there already.
/// Errors: not_found; conflict while it is `receiving`.
struct trashing {
  std::string id;
};

/// Brings a file back from the trash, into its folder or, if that is gone, into the root folder;
/// its name gets a number if it is taken. Event `file.restored`, unless it is not in the trash.
struct restoration {
  std::string id;
};

/// Removes files of the trash for good, the oldest first: all of one user's or, without a user,
/// those of all users that have been there for longer than the settings keep them. Event
/// `file.deleted` for each.
struct trash_clearance {
  static constexpr bool can_wait = true;

  std::string user{};       ///< Id.
  std::size_t at_most = 64; ///< Files in one go.
};

} // namespace mediad::storage
