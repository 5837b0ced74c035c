#pragma once

#include <zip.h>

#include <memory>

/// libzip's objects, owned. What is only read is given up without being written.
namespace mediad::media {

struct discard_zip {
  void operator()(zip_t* archive) const noexcept {
    zip_discard(archive);
  }
};
using zip_ptr = std::unique_ptr<zip_t, discard_zip>;

struct close_zip_part {
  void operator()(zip_file_t* part) const noexcept {
    zip_fclose(part); // only read from
  }
};
using zip_part_ptr = std::unique_ptr<zip_file_t, close_zip_part>;

} // namespace mediad::media
