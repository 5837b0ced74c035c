#include "media/document/listing.hpp"

#include "base/file.hpp"
#include "media/text/decoder.hpp"
#include "media/text/guess.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <clocale>
#include <ctime>
#include <fcntl.h>
#include <locale.h>
#include <memory>
#include <sys/stat.h>

namespace mediad::media {
namespace {

using nlohmann::json;

constexpr auto listing_name = "listing.json";
constexpr std::size_t max_name_bytes = 4096; // PATH_MAX: no system takes more

// Anything may shrink that far while it is small.
constexpr std::uint64_t never_a_bomb = 64U << 20U;

struct free_reader {
  void operator()(archive* reader) const noexcept {
    archive_read_free(reader);
  }
};
using archive_reader = std::unique_ptr<archive, free_reader>;

/// libarchive turns names into those of the locale, and in plain C there is only ASCII.
class utf8_locale {
public:
  utf8_locale() : made_{::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)} {
    if (made_ != nullptr)
      before_ = ::uselocale(made_);
  }
  utf8_locale(const utf8_locale&) = delete;
  utf8_locale& operator=(const utf8_locale&) = delete;
  ~utf8_locale() {
    if (made_ != nullptr) {
      ::uselocale(before_);
      ::freelocale(made_);
    }
  }

private:
  locale_t made_;
  locale_t before_ = nullptr;
};

/// What is known of the archive so far.
struct listing {
  json entries = json::array();
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t text_bytes = 0;
  std::size_t files = 0;        ///< Entries that have bytes.
  std::size_t locked_files = 0; ///< Those of them that are encrypted.
  bool hides_names = false;     ///< Names are encrypted, too: there is nothing to see.
  bool is_complete = false;

  /// Nothing in it can be had without a password.
  bool needs_password() const {
    return hides_names || (locked_files > 0 && locked_files == files);
  }
};

// By name, not "all": those read other formats (ISO 9660, CAB, mtree …) or start programs.
archive_reader make_reader() {
  archive_reader reader{archive_read_new()};
  constexpr std::array supported{
    archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
    archive_read_support_filter_xz,   archive_read_support_filter_zstd,
    archive_read_support_format_tar,  archive_read_support_format_zip_seekable,
    archive_read_support_format_7zip, archive_read_support_format_rar,
    archive_read_support_format_rar5};
  for (const auto support : supported)
    if (reader == nullptr || support(reader.get()) < ARCHIVE_WARN)
      return nullptr;
  return reader;
}

const char* type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr)
    return "link";
  switch (archive_entry_filetype(entry)) {
  case AE_IFREG: return "file";
  case AE_IFDIR: return "directory";
  case AE_IFLNK: return "link";
  default: return "other";
  }
}

// In the locale that libarchive goes by a name is UTF-8 if the archive says in what it is written;
// else these are its own bytes.
std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr)
    name = archive_entry_pathname_utf8(entry);
  std::string made = name == nullptr ? "" : name;
  made.resize(std::min(made.size(), max_name_bytes)); // half a character is replaced when written
  return made;
}

// An archive that does not say in what its names are written has all of them in one charset: that
// of the system on which it was made.
void decode_names(listing& all) {
  std::string foreign;
  for (const auto& entry : all.entries)
    if (const auto& name = entry.at("name").get_ref<const std::string&>();
        !is_utf8(name) && foreign.size() < max_guessed_bytes)
      foreign += name + '\n';
  if (foreign.empty())
    return;
  const auto charset = guess_charset_of_names(foreign);
  for (auto& entry : all.entries)
    if (auto& name = entry.at("name").get_ref<std::string&>(); !is_utf8(name))
      name = to_utf8(decoded(name, charset));
}

// RFC 3339; empty for a year that has not four digits.
std::string time_of(archive_entry* entry) {
  const std::time_t seconds = archive_entry_mtime(entry);
  std::tm parts{};
  if (::gmtime_r(&seconds, &parts) == nullptr || parts.tm_year < -1900 || parts.tm_year > 8099)
    return {};
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

void add(listing& all, archive_entry* entry) {
  json one{{"name", name_of(entry)}, {"type", type_of(entry)}};
  if (archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) >= 0) {
    const auto bytes = static_cast<std::uint64_t>(archive_entry_size(entry));
    one["bytes"] = bytes;
    all.unpacked_bytes += std::min(bytes, UINT64_MAX - all.unpacked_bytes);
  }
  if (archive_entry_mtime_is_set(entry) != 0)
    if (auto modified = time_of(entry); !modified.empty())
      one["modified"] = std::move(modified);
  if (archive_entry_filetype(entry) == AE_IFREG && one.value("bytes", 1) != 0) {
    ++all.files;
    all.locked_files += archive_entry_is_encrypted(entry) != 0 ? 1 : 0;
  }
  all.text_bytes += one.at("name").get_ref<const std::string&>().size();
  all.entries.push_back(std::move(one));
}

// Asked after each header and before its data is skipped, which may mean unpacking it.
result<> check(const listing& all, archive* reader, std::uint64_t packed, const limits& max) {
  if (all.entries.size() > max.max_archive_entries)
    return fail(errc::too_large,
                "more than " + std::to_string(max.max_archive_entries) + " entries");
  if (all.text_bytes > max.max_text_bytes)
    return fail(errc::too_large, "the names alone are larger than the limit of text");
  const auto read =
    static_cast<std::uint64_t>(std::max<la_int64_t>(archive_filter_bytes(reader, 0), 0));
  const auto unpacked = std::max(all.unpacked_bytes, read);
  if (unpacked > never_a_bomb && unpacked / max.max_archive_ratio > packed)
    return fail(errc::too_large,
                std::to_string(unpacked) + " bytes packed into " + std::to_string(packed));
  return {};
}

result<listing> read_all(archive* reader, std::uint64_t packed, const job_context& context) {
  listing all;
  archive_entry* entry = nullptr;
  for (;;) {
    const int got = archive_read_next_header(reader, &entry);
    if (got == ARCHIVE_EOF || (got != ARCHIVE_OK && got != ARCHIVE_WARN)) {
      all.is_complete = got == ARCHIVE_EOF;
      all.hides_names = all.entries.empty() && archive_read_has_encrypted_entries(reader) > 0;
      return all;
    }
    add(all, entry);
    if (auto within = check(all, reader, packed, context.options.limits); !within)
      return fail(within.error());
    const auto seen = archive_filter_bytes(reader, -1);
    context.progress(packed == 0 ? 0 : static_cast<double>(seen) / static_cast<double>(packed));
  }
}

result<job_result> write_listing(const listing& all, const job_context& context) {
  const auto file = (context.output / listing_name).open(O_WRONLY | O_CREAT | O_TRUNC);
  if (!file)
    return fail(file.error());
  const json whole{{"entries", all.entries}, {"complete", all.is_complete}};
  const auto text = whole.dump(-1, ' ', false, json::error_handler_t::replace);
  if (auto written = write_all(file->get(), text, 0); !written)
    return fail(written.error());
  json facts{{"entries", all.entries.size()},
             {"unpacked_bytes", all.unpacked_bytes},
             {"listing_complete", all.is_complete}};
  if (all.locked_files > 0)
    facts["encrypted"] = true;
  job_result made;
  made.media = facts.dump();
  made.files.emplace_back(made_file{listing_name, "application/json", 0, 0, 0, {}});
  return made;
}

// A single compressed file is no archive: nothing is wrong with it.
bool may_be_single(std::string_view media_type) {
  return media_type == "application/gzip" || media_type == "application/x-bzip2"
         || media_type == "application/x-xz" || media_type == "application/zstd";
}

} // namespace

result<job_result> list_archive(const job& work, const job_context& context) {
  const auto bytes = context.input.size();
  if (!bytes)
    return fail(bytes.error());
  const auto input = context.input.reopen(); // libarchive reads from where it stands
  if (!input)
    return fail(input.error());
  const utf8_locale names;
  const auto reader = make_reader();
  if (reader == nullptr)
    return fail(errc::internal, "libarchive lacks a format");
  constexpr std::size_t block_bytes = 64U << 10U;
  listing all;
  if (archive_read_open_fd(reader.get(), input->get(), block_bytes) == ARCHIVE_OK) {
    auto read = read_all(reader.get(), *bytes, context);
    if (!read)
      return fail(read.error());
    all = std::move(*read);
    decode_names(all);
  }
  if (all.needs_password())
    return fail(errc::password_protected, "every file in it is encrypted");
  if (all.entries.empty() && !all.is_complete && may_be_single(work.media_type))
    return job_result{};
  return write_listing(all, context);
}

} // namespace mediad::media
