#pragma once

#include "media/job/routing.hpp"
#include "tests/media/support/pictures.hpp"

#include <OpenImageIO/imageio.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace mediad::tests {

inline OIIO::ImageSpec spec_of(const media::picture& p, OIIO::TypeDesc stored = OIIO::TypeUInt8) {
  return {static_cast<int>(p.width), static_cast<int>(p.height), static_cast<int>(p.channels),
          stored};
}

/// Runs the jobs of pictures on what OpenImageIO writes, with the worker that each would meet.
struct oiio_bench : workbench {
  /// The input is @p values as OpenImageIO writes them under this ending.
  void input_by_oiio(const std::string& ending, const OIIO::ImageSpec& spec, OIIO::TypeDesc given,
                     const void* values, std::string media_type) {
    const auto file = out("made." + ending);
    const auto writer = OIIO::ImageOutput::create(file.string());
    if (!writer || !writer->open(file.string(), spec) || !writer->write_image(given, values)
        || !writer->close())
      throw std::runtime_error{"OpenImageIO cannot write " + ending};
    input(read(file), std::move(media_type));
    std::filesystem::remove(file);
  }
  void input_by_oiio(const std::string& ending, const media::picture& p, std::string media_type) {
    input_by_oiio(ending, spec_of(p), OIIO::TypeUInt8, p.pixels.data(), std::move(media_type));
  }

  /// Has exiftool write @p tags, its options, into the input. @param ending of such a file.
  void tag_input(const std::string& ending, const std::string& tags) {
    const auto file = out("tagged." + ending);
    write(file, read(input_file));
    const auto command = "exiftool -q -q -overwrite_original " + tags + " '" + file.string() + "'";
    if (std::system(command.c_str()) != 0)
      throw std::runtime_error{"exiftool cannot write " + ending};
    input(read(file), work.media_type);
    std::filesystem::remove(file);
  }

  /// The worker that the file would meet.
  media::job_function jobs() const {
    return media::worker_for(media::job_kind::image_preview, work.media_type)
               == media::worker_kind::light
             ? media::run_light
             : media::run_deep_image;
  }
  media::picture preview() {
    run(jobs(), media::job_kind::image_preview).value();
    return decoded(out("preview.webp"));
  }
};

} // namespace mediad::tests
