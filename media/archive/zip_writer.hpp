#pragma once

#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/record.hpp"
#include "media/archive/zip_records.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::media {

/// A file that becomes a member.
struct archive_source {
  std::string name; ///< The member gets this name.
  int file = -1;    ///< Open for reading; stays the caller's.
  std::uint64_t bytes = 0;
  std::int64_t modified = 0; ///< The file's date, in seconds since 1970; 0: not known.
};

/// Writes a ZIP, member by member. Members may be left out of the file that is on disk: then
/// splices() says where their bytes belong, and the server puts them in when it sends the archive.
/// The destructor removes the file unless finish() has succeeded.
class archive_writer {
public:
  /// @param copied  called for every piece of content that was read, with its length; may be empty.
  static result<archive_writer> create(folder_entry file, std::function<void(std::size_t)> copied);
  archive_writer(archive_writer&&) noexcept = default;
  archive_writer& operator=(archive_writer&&) = delete;
  archive_writer(const archive_writer&) = delete;
  archive_writer& operator=(const archive_writer&) = delete;
  ~archive_writer();

  /// Adds all of a file as it is.
  /// @returns errc::internal if it turns out to have fewer bytes.
  result<> add_stored(const archive_source& source);
  /// The same, compressed by zlib.
  result<> add_deflated(const archive_source& source);
  /// Adds a file by reading it once and copying nothing.
  /// @param known_as  what it is called in splices().
  result<> add_spliced(const archive_source& source, std::string known_as);
  /// Adds a small member that is in memory.
  result<> add_text(std::string name, std::string_view text);

  /// Writes the directory; nothing can be added any more.
  result<> finish();

  const std::vector<splice>& splices() const {
    return splices_;
  }

private:
  archive_writer(folder_entry file, unique_fd out, std::function<void(std::size_t)> copied);
  result<> append(std::string_view bytes);
  zip_entry begin(const archive_source& source, zip_method method, std::uint64_t packed);
  template <class Take>
  result<std::uint32_t> read_through(const archive_source& source, Take take);

  folder_entry file_; ///< Without a name once the file is finished.
  unique_fd out_;
  std::function<void(std::size_t)> copied_;
  std::vector<zip_entry> entries_;
  std::vector<splice> splices_;
  std::uint64_t written_ = 0; ///< Bytes of the file on disk.
  std::uint64_t spliced_ = 0; ///< Bytes that are left out of it.
};

} // namespace mediad::media
