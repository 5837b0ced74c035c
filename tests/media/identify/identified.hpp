#pragma once

#include "media/identify/identify.hpp"
#include "tests/media/support/pictures.hpp"

#include <string>
#include <string_view>

namespace mediad::tests {

inline constexpr auto unknown_file = "other application/octet-stream";

/// What identify() finds.
struct identified_fixture {
  temp_root root;

  /// `profile media/type` of a file with these bytes.
  std::string identified(std::string_view bytes) const {
    write(root.path / "in", bytes);
    return identified_file();
  }

  /// The same of what is in the file `in`.
  std::string identified_file() const {
    const auto found = media::identify(open_input{root.path / "in"}).value();
    return std::string{mediad::to_string(found.profile)} + ' ' + found.media_type;
  }
};

/// A box of MP4.
inline std::string box(const std::string& type, const std::string& content) {
  return big(content.size() + 8, 4) + type + content;
}

} // namespace mediad::tests
