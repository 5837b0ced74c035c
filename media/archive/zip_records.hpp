#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// The records of a ZIP file around its members' bytes, as PKWARE's APPNOTE.TXT 6.3.10 defines
/// them; "section" in these files means its sections. Pure: no file is read or written here.
namespace mediad::media {

/// How a member's bytes are kept (section 4.4.5).
enum class zip_method : std::uint16_t { stored = 0, deflated = 8 };

/// One member, as its local header and the central directory describe it.
struct zip_entry {
  std::string name; ///< UTF-8, at most 65,535 bytes; folders end at `/`.
  zip_method method = zip_method::stored;
  std::uint32_t crc = 0;     ///< CRC-32 of the member's content (section 4.4.7).
  std::uint64_t size = 0;    ///< Bytes of the content.
  std::uint64_t packed = 0;  ///< Bytes that are kept of it: fewer if it is deflated.
  std::uint64_t at = 0;      ///< Offset of its local header in the archive.
  bool wide_lengths = false; ///< ZIP64 fields hold the lengths, see needs_wide_lengths().
  std::int64_t modified = 0; ///< The content's date, in seconds since 1970; 0: not known.
};

/// Whether @p size and the at most @p packed bytes that are kept of it need ZIP64 (section 4.4.8).
bool needs_wide_lengths(std::uint64_t size, std::uint64_t packed);

/// What stands before a member's bytes (section 4.3.7). Its length depends on nothing but the name,
/// the date and wide_lengths.
std::string local_header(const zip_entry& entry);

/// What stands after the last member (sections 4.3.12 to 4.3.16).
/// @param at  where it will stand in the archive.
std::string central_directory(const std::vector<zip_entry>& entries, std::uint64_t at);

} // namespace mediad::media
