#pragma once

#include "base/error.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/restore/survey.hpp"
#include "storage/tree/folders.hpp"

#include <optional>
#include <string>

namespace mediad::storage {

/// A folder of a user's, as ids.
struct folder_ids {
  std::string user;
  std::string folder; ///< Empty: the root folder.
};

/// Where files are, in the database and on the disk: brings what is found into what is known.
class places {
public:
  explicit places(const folders& root) : root_{root} {}

  /// @param path  from the root folder of the user of that name.
  /// @returns nothing if the user or the folder is not known.
  static result<std::optional<folder_ids>> find(const catalog& rows, const std::string& user,
                                                const std::string& path);

  /// The same; makes the user, and the folders that are missing. A path that no folder may have
  /// leads to the root folder.
  result<folder_ids> folder(catalog& rows, const std::string& user, const std::string& path) const;

  /// If the user of a file has no folder any more, and the file is now in that of an unknown user,
  /// the user has got another name.
  /// @param name       that of the folder.
  /// @param former_id  of the file; empty: not known.
  result<> follow_user(catalog& rows, const std::string& name, const std::string& former_id) const;

  /// Sets user, folder and link of @p r to where @p name is. If the database has something else of
  /// that name, or the name may not be a file's, the file gets another name there, on the disk,
  /// too.
  result<> give(catalog& rows, file_record& r, const found_name& name) const;

  /// Gives a record another name in its folder. Nothing changes on the disk.
  result<> rename(catalog& rows, const file_record& r) const;

private:
  result<std::string> subfolder(catalog& rows, const folder_ids& in, const std::string& name) const;
  /// A link's name that is free, in the database and on the disk.
  result<std::string> free_name(const catalog& rows, const file_record& r,
                                const std::optional<place>& own) const;
  result<> rename_on_disk(const file_record& r, const place& from) const;

  const folders& root_;
};

} // namespace mediad::storage
