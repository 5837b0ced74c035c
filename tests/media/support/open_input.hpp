#pragma once

#include "base/file.hpp"
#include "base/folder.hpp"

#include <fcntl.h>

namespace mediad::tests {

/// A file opened as a job's input is, for as long as this lives.
class open_input {
public:
  /// Throws if there is no such file.
  explicit open_input(const std::filesystem::path& file) : fd_{open_file(file, O_RDONLY).value()} {}

  operator opened_file() const { // NOLINT(google-explicit-constructor): used in its place
    return opened_file{fd_.get()};
  }

private:
  unique_fd fd_;
};

/// A folder opened as a job's output is, for as long as this lives.
class open_output {
public:
  explicit open_output(const std::filesystem::path& folder)
    : fd_{open_file(folder, O_PATH | O_DIRECTORY).value()} {}

  operator opened_folder() const { // NOLINT(google-explicit-constructor): used in its place
    return opened_folder{fd_.get()};
  }

private:
  unique_fd fd_;
};

} // namespace mediad::tests
