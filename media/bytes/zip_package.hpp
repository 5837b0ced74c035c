#pragma once

#include "media/bytes/file_bytes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace mediad::media {

/// A ZIP that holds the parts of one document. No part is unpacked to a file, and none further than
/// its reader asks for, whatever size it claims to have.
class zip_package {
public:
  /// @returns nothing for a file that is no ZIP, is damaged, or whose directory is larger than any
  ///   document's.
  static std::optional<zip_package> open(const file_bytes& file);
  static std::optional<zip_package> open(const opened_file& file);

  bool has(const std::string& name) const;
  /// The names of all parts, in the order of the directory; bytes as they are.
  std::vector<std::string> names() const;
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
