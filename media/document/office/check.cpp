#include "media/document/office/check.hpp"

#include "media/document/office/check_rtf.hpp"

#include <zip.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

namespace mediad::media::office {
namespace {

// Sheets of numbers are packed tightly, too, while they are small.
constexpr std::uint64_t never_a_bomb = 64U << 20U;

// Longest text of one element, and longest tag.
constexpr std::size_t max_run_bytes = 4U << 20U;

struct discard_zip {
  void operator()(zip_t* archive) const noexcept {
    zip_discard(archive);
  }
};

struct close_entry {
  void operator()(zip_file_t* entry) const noexcept {
    zip_fclose(entry); // only read from
  }
};

bool is_markup(std::string_view name) {
  return name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".rdf");
}

/// All parts of one file.
class markup_check {
public:
  markup_check(std::uint64_t packed_bytes, const limits& max) : packed_{packed_bytes}, max_{max} {}

  result<> read(zip_file_t* part) {
    std::array<char, 64 * 1024> block{};
    std::size_t run = 0;
    for (bool at_start = true;; at_start = false) {
      const auto got = zip_fread(part, block.data(), block.size());
      if (got <= 0)
        return {};
      const std::string_view text{block.data(), static_cast<std::size_t>(got)};
      // Entities are defined ahead of all else that a part says.
      if (at_start && text.find("<!ENTITY") != std::string_view::npos)
        return fail(errc::corrupt_media, "the document's XML defines entities");
      if (auto added = add(text, run); !added)
        return added;
    }
  }

private:
  result<> add(std::string_view text, std::size_t& run) {
    unpacked_ += text.size();
    if (unpacked_ > max_.max_markup_bytes)
      return fail(errc::too_large,
                  "more than " + std::to_string(max_.max_markup_bytes) + " bytes of XML");
    if (unpacked_ > never_a_bomb && unpacked_ / max_.max_archive_ratio > packed_)
      return fail(errc::too_large, std::to_string(unpacked_) + " bytes of XML packed into "
                                     + std::to_string(packed_));
    while (!text.empty()) {
      const auto next = text.find('<');
      run += std::min(next, text.size());
      if (run > max_run_bytes)
        return fail(errc::too_large,
                    "an element of more than " + std::to_string(max_run_bytes) + " bytes of text");
      if (next == std::string_view::npos)
        break;
      run = 0;
      text.remove_prefix(next + 1);
    }
    return {};
  }

  std::uint64_t packed_;
  std::uint64_t unpacked_ = 0;
  const limits& max_;
};

} // namespace

result<> check_file(const opened_file& file, const limits& max) {
  const auto packed = file.size();
  const std::unique_ptr<zip_t, discard_zip> archive{
    packed ? zip_open(file.name().c_str(), ZIP_RDONLY, nullptr) : nullptr};
  if (archive == nullptr)
    return check_rtf(file, max);
  const auto parts = zip_get_num_entries(archive.get(), 0);
  if (parts > static_cast<zip_int64_t>(max.max_archive_entries))
    return fail(errc::too_large, "a document of " + std::to_string(parts) + " parts");
  markup_check check{*packed, max};
  for (zip_int64_t i = 0; i < parts; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const char* name = zip_get_name(archive.get(), index, ZIP_FL_ENC_RAW);
    if (name == nullptr || !is_markup(name))
      continue;
    const std::unique_ptr<zip_file_t, close_entry> part{zip_fopen_index(archive.get(), index, 0)};
    if (part == nullptr)
      continue;
    if (auto read = check.read(part.get()); !read)
      return read;
  }
  return {};
}

} // namespace mediad::media::office
