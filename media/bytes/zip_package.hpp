#pragma once

#include "media/bytes/file_bytes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct zip;
struct zip_file;

namespace mediad::media {

/// One part of a ZIP, unpacked as it is read. Must not outlive its package.
class zip_part {
public:
  /// Puts the next bytes into @p into.
  /// @returns how many, 0 at the end, less than 0 if the part cannot be unpacked.
  std::int64_t read(std::span<char> into);

private:
  friend class zip_package;
  struct close {
    void operator()(zip_file* part) const noexcept;
  };

  explicit zip_part(zip_file* part) : part_{part} {}

  std::unique_ptr<zip_file, close> part_;
};

/// A ZIP that holds the parts of one document. No part is unpacked to a file, and none further than
/// its reader asks for, whatever size it claims to have.
class zip_package {
public:
  /// Whether parts are found by names in other cases, too.
  enum class case_of_names { as_written, any };

  /// @returns nothing for a file that is no ZIP, is damaged, or whose directory is larger than any
  ///   document's.
  static std::optional<zip_package> open(const file_bytes& file);
  static std::optional<zip_package> open(const opened_file& file);
  /// Whether @p file ends as a ZIP does whose directory is larger than any document's.
  static bool has_large_directory(const file_bytes& file);

  bool has(const std::string& name) const;
  /// The names of all parts, in the order of the directory; bytes as they are.
  std::vector<std::string> names() const;
  /// Number of parts. Two may have one name.
  std::uint64_t size() const;
  /// The name of part @p index, 0..size() - 1; bytes as they are, nothing if it cannot be read.
  std::optional<std::string_view> name_of(std::uint64_t index) const;
  /// @returns nothing if there is no such part, or if it cannot be unpacked.
  std::optional<zip_part> part(std::uint64_t index) const;
  std::optional<zip_part> part(const std::string& name,
                               case_of_names written = case_of_names::as_written) const;
  /// The first @p max_bytes of one part; empty if there is none, or if it cannot be unpacked.
  std::string read(const std::string& name, std::size_t max_bytes) const;
  /// Whether any part can be read only with a password.
  bool is_encrypted() const;

private:
  struct discard {
    void operator()(zip* archive) const noexcept;
  };

  explicit zip_package(zip* archive) : archive_{archive} {}

  std::unique_ptr<zip, discard> archive_;
};

} // namespace mediad::media
