#pragma once

#include "media/job/module.hpp"
#include "tests/media/support/open_input.hpp"
#include "tests/temp_root.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::tests {

/// Makes media with the ffmpeg program, runs jobs on them, and looks at what came of it with
/// programs that are not ours.
struct av_fixture {
  temp_root root;
  media::settings options;
  std::vector<double> progress; ///< Reported by the newest job.

  av_fixture() {
    options.video.preset = "ultrafast";
    options.video.threads = 2;
    std::filesystem::create_directory(output());
  }

  std::filesystem::path output() const {
    return root.path / "out";
  }

  /// What @p command prints; throws if it fails.
  static std::string printed(const std::string& command) {
    auto* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr)
      throw std::runtime_error{"popen failed"};
    std::string text(1U << 20U, '\0');
    std::string all;
    for (std::size_t n = 0; (n = std::fread(text.data(), 1, text.size(), pipe)) > 0;)
      all.append(text, 0, n);
    if (pclose(pipe) != 0)
      throw std::runtime_error{"failed: " + command};
    return all;
  }

  /// Makes @p name with ffmpeg; @p arguments are everything between the program and the name.
  std::filesystem::path make(const std::string& name, const std::string& arguments) const {
    auto file = root.path / name;
    printed("ffmpeg -nostdin -v error -y " + arguments + " '" + file.string() + "'");
    return file;
  }

  /// A copy of @p flat, an MP4, that says it is to be shown turned clockwise by @p degrees. Not by
  /// ffmpeg: 5.1 and 7.1 have no option for that in common.
  std::filesystem::path turned(const std::filesystem::path& flat, int degrees) const {
    auto file = root.path / "turned.mp4";
    std::filesystem::copy_file(flat, file, std::filesystem::copy_options::overwrite_existing);
    printed("exiftool -q -overwrite_original -Rotation=" + std::to_string(degrees) + " '"
            + file.string() + "'");
    return file;
  }

  std::filesystem::path write(const std::string& name, std::string_view bytes) const {
    auto file = root.path / name;
    std::ofstream{file, std::ios::binary}.write(bytes.data(),
                                                static_cast<std::streamsize>(bytes.size()));
    return file;
  }

  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  /// The first @p part (0..1) of @p file, as `cut-<name>`.
  std::filesystem::path cut(const std::filesystem::path& file, double part) const {
    const auto bytes = bytes_of(file);
    const auto kept = static_cast<std::size_t>(part * static_cast<double>(bytes.size()));
    return write("cut-" + file.filename().string(), std::string_view{bytes}.substr(0, kept));
  }

  result<media::job_result> run(media::job_kind kind, const std::string& media_type,
                                const std::filesystem::path& file) {
    progress.clear();
    media::job work;
    work.kind = kind;
    const open_input input{file};
    const open_output folder{output()};
    work.output_dir = output();
    work.media_type = media_type;
    const media::job_context context{
      options, options.office, [this](double part) { progress.push_back(part); },
      -1,      input,          folder};
    return media::run_av(work, context);
  }

  /// The word for how a job ended: its errc, or "ok".
  std::string outcome(media::job_kind kind, const std::string& media_type,
                      const std::filesystem::path& file) {
    const auto done = run(kind, media_type, file);
    return done ? "ok" : to_string(done.error().code);
  }

  static nlohmann::json probe(const std::filesystem::path& file, const std::string& extra = "") {
    return nlohmann::json::parse(printed("ffprobe -v error -of json -show_format -show_streams "
                                         + extra + " '" + file.string() + "'"));
  }

  static double duration_of(const std::filesystem::path& file) {
    return std::stod(probe(file)["format"]["duration"].get<std::string>());
  }

  struct rgb {
    int r = 0;
    int g = 0;
    int b = 0;
  };

  /// The mean colour in the middle of cell (@p column, @p row) of @p file's first picture, when it
  /// is cut into @p columns by @p rows cells.
  static rgb colour_at(const std::filesystem::path& file, int column, int row, int columns,
                       int rows) {
    const auto part = [](const char* side, int at, int of) {
      return side + ("*(" + std::to_string(at) + "+0.25)/") + std::to_string(of);
    };
    const auto middle = "crop=w=iw/2/" + std::to_string(columns) + ":h=ih/2/" + std::to_string(rows)
                        + ":x=" + part("iw", column, columns) + ":y=" + part("ih", row, rows);
    // Metadata that turns the picture is ignored: what counts is how the samples lie.
    const auto raw = printed("ffmpeg -nostdin -v error -noautorotate -i '" + file.string()
                             + "' -frames:v 1 -vf '" + middle + "' -f rawvideo -pix_fmt rgb24 -");
    std::array<long, 3> sums{};
    for (std::size_t i = 0; i < raw.size(); ++i)
      sums[i % 3] += static_cast<unsigned char>(raw[i]);
    const auto mean = [&](std::size_t i) {
      return static_cast<int>(3 * sums[i] / static_cast<long>(raw.size()));
    };
    return {mean(0), mean(1), mean(2)};
  }

  static bool is_red(const rgb& c) {
    return c.r > 150 && c.g < 100 && c.b < 100;
  }
  static bool is_blue(const rgb& c) {
    return c.b > 150 && c.r < 100 && c.g < 100;
  }
};

} // namespace mediad::tests
