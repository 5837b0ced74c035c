#pragma once

#include "media/job/module.hpp"
#include "tests/media/support/open_input.hpp"
#include "tests/temp_root.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::tests {

/// Runs document jobs on the files of tests/data/make.sh, or on files written here, into `out`.
struct document_fixture {
  temp_root root;
  media::settings options;
  std::vector<double> progress; ///< Reported by the newest job.

  document_fixture() {
    std::filesystem::create_directory(output());
    options.office.timeout_s = 120; // the machine may have other work
  }

  std::filesystem::path output() const {
    return root.path / "out";
  }

  static std::filesystem::path sample(const std::string& name) {
    return std::filesystem::path{MEDIAD_TEST_DATA} / name;
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
    return media::run_document(work, context);
  }

  /// The word for how a job ended: its errc, or "ok".
  std::string outcome(media::job_kind kind, const std::string& media_type,
                      const std::filesystem::path& file) {
    const auto done = run(kind, media_type, file);
    return done ? "ok" : to_string(done.error().code);
  }

  /// What the job says of the document; throws if it failed.
  nlohmann::json facts(media::job_kind kind, const std::string& media_type,
                       const std::filesystem::path& file) {
    return nlohmann::json::parse(run(kind, media_type, file).value().media);
  }

  /// The text that document_text makes; throws if it failed.
  std::string text(const std::string& media_type, const std::filesystem::path& file) {
    const auto done = run(media::job_kind::document_text, media_type, file).value();
    return bytes_of(output() / done.files.at(0).name);
  }

  /// Names in `out`, hidden ones too, sorted and with a space after each.
  std::string listing() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{output()})
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    std::string all;
    for (const auto& name : names)
      all += name + ' ';
    return all;
  }
};

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace mediad::tests
