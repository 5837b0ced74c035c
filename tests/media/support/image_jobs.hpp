#pragma once

#include "tests/media/support/pictures.hpp"

#include <cstddef>
#include <string>

namespace mediad::tests {

/// The jobs of pictures, done by the light worker's functions.
struct image_jobs : workbench {
  media::picture preview() {
    done = run(media::run_light, media::job_kind::image_preview).value();
    return decoded(out("preview.webp"));
  }
  std::string ladder() {
    std::string names;
    done = run(media::run_light, media::job_kind::image_renditions).value();
    for (const auto& file : done.files)
      names += file.name + " ";
    return names;
  }
  /// How far the preview's middle is from a colour.
  int apart(rgb from) {
    return difference(middle(preview()), from);
  }
  int rung_apart(const char* name, rgb from) {
    return difference(middle(decoded(out(name))), from);
  }

  media::job_result done;
};

/// An entry of a TIFF directory, most significant byte first. @param value  filled up with zeros.
inline std::string directory_entry(unsigned tag, unsigned type, std::size_t count,
                                   std::string value) {
  value.resize(4);
  return big(tag, 2) + big(type, 2) + big(count, 4) + value;
}

} // namespace mediad::tests
