#pragma once

#include <cstdio>
#include <memory>

namespace mediad::media {

struct close_stream {
  void operator()(std::FILE* stream) const noexcept {
    static_cast<void>(std::fclose(stream)); // NOLINT(cppcoreguidelines-owning-memory): it owns it
  }
};

/// A C stream that is only read from, for the libraries that want one.
using input_stream = std::unique_ptr<std::FILE, close_stream>;

} // namespace mediad::media
