#pragma once

#include "base/error.hpp"

#include <filesystem>

namespace mediad::media::office {

/// A private directory that is removed, with all in it, at the end of its scope.
class scratch_directory {
public:
  /// Makes one inside @p parent, so that it goes with the attempt's folder if this process is
  /// killed.
  static result<scratch_directory> make(const std::filesystem::path& parent);

  scratch_directory(scratch_directory&& other) noexcept : path_{std::move(other.path_)} {
    other.path_.clear();
  }
  scratch_directory& operator=(scratch_directory&&) = delete;
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory();

  const std::filesystem::path& path() const {
    return path_;
  }

private:
  explicit scratch_directory(std::filesystem::path path) : path_{std::move(path)} {}

  std::filesystem::path path_; // empty: moved from
};

} // namespace mediad::media::office
