#pragma once

#include "storage/catalog/catalog.hpp"
#include "storage/catalog/database.hpp"
#include "storage/recovery/inspection.hpp"
#include "storage/recovery/pace.hpp"
#include "storage/tree/folders.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mediad::storage {

/// One inspection: what its passes share. Nothing else includes this header.
class inspection_run {
public:
  inspection_run(const database& db, const folders& root, const inspection_terms& terms,
                 const inspection_hooks& hooks)
    : db_{db},
      root_{root},
      terms_{terms},
      hooks_{hooks},
      looks_{terms.looks_per_second, hooks.ending},
      reading_{terms.bytes_per_second, hooks.ending} {}

  result<inspection_report> run();

private:
  // inspection.cpp
  result<> look(std::uint64_t names = 1);
  void tell();
  result<applied> apply(change c);
  /// Mends @p where together with others.
  result<> mend_later(const place& where);
  result<> mend();
  result<> relink(const place& where);
  result<> count_usage();

  // From the disk to the rows: inspect_names.cpp.
  result<> compare_blobs();
  result<> compare_shards();
  result<> compare_people();
  result<> compare_folder(const std::string& folder, std::size_t depth,
                          std::vector<std::pair<std::string, std::size_t>>& open);
  result<> complete_folders();
  result<> complete_folder(const std::string& user, const std::string& path);

  // From the rows to the disk: inspect_files.cpp.
  result<> compare_files();
  result<> distrust_lists(const std::string& id);
  result<> compare_file(const file_record& r);
  result<> compare_names(const file_record& r);
  result<damage> damage_of(const file_record& r);
  result<bool> has_results(const file_record& r);
  result<> make_again(const file_record& r);
  result<file_record> find(const std::string& id) const;
  result<> settle_losses();

  // Bytes: inspect_bytes.cpp.
  result<> verify_blobs();
  /// @returns the digest of a whole file, read at the pace of the terms.
  result<std::string> digest_of(const unique_fd& file);
  result<bool> has_digest(const place& where, const std::string& sha256);
  /// Brings the bytes back from the person's name for them.
  /// @returns whether they are well now.
  result<bool> heal(const file_record& r);

  const database& db_;
  const folders& root_;
  const inspection_terms terms_;
  const inspection_hooks& hooks_;
  pace looks_;
  pace reading_;
  inspection_report report_;
  std::chrono::steady_clock::time_point told_at_;
  std::vector<std::string> to_mend_;
  std::map<std::string, std::uint64_t> bad_; ///< Changed blobs by digest, and their inodes.
  std::set<std::string> healed_;             ///< Digests of blobs whose bytes came back.

  struct loss {
    lost_file file;
    std::string sha256;
  };
  std::vector<loss> losses_; ///< Another file with the same bytes may still heal them.
};

} // namespace mediad::storage
