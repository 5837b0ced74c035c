// Any bytes as an archive: a list of what is in it, or an error.

#include "media/document/listing.hpp"

#include "tests/fuzz/memory_file.hpp"

#include <fcntl.h>

namespace {

std::string made_folder() {
  std::string name = "/tmp/fuzz-listing-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    std::abort();
  return name;
}

/// Removed when the program ends.
struct scratch_folder {
  std::filesystem::path path = made_folder();

  scratch_folder() = default;
  scratch_folder(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace mediad::media;
  static const scratch_folder scratch;
  static const settings options;
  job work;
  work.kind = job_kind::archive_listing;
  const auto input = memory_file(bytes, size);
  static const mediad::unique_fd opened =
    mediad::open_file(scratch.path, O_PATH | O_DIRECTORY).value();
  const mediad::opened_folder folder{opened.get()};
  // Names of one kind alone may be compressed without being an archive.
  for (const auto* type : {"application/zip", "application/gzip"}) {
    work.media_type = type;
    const auto made =
      list_archive(work, {options, options.office, [](double) {}, -1, input, folder});
    if (!made && made.error().code == mediad::errc::internal)
      std::abort();
  }
  return 0;
}
