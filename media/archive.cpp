#include "media/archive.hpp"

#include <zip.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <utility>

namespace mediad::media {
namespace {

constexpr std::string_view folder = "renditions";

struct discard_archive {
  void operator()(zip_t* archive) const noexcept {
    zip_discard(archive);
  }
};
using archive_handle = std::unique_ptr<zip_t, discard_archive>;

error describe(zip_error_t* e, std::string_view what) {
  if (zip_error_system_type(e) == ZIP_ET_SYS && zip_error_code_system(e) != 0)
    return fail_errno(zip_error_code_system(e), what);
  return fail(errc::storage_io, std::string{what} + ": " + zip_error_strerror(e));
}

error describe(zip_t* archive, std::string_view what) {
  return describe(zip_get_error(archive), what);
}

result<archive_handle> create(const std::filesystem::path& file) {
  int code = 0;
  archive_handle archive{zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code)};
  if (archive)
    return archive;
  zip_error_t e;
  zip_error_init_with_code(&e, code);
  auto failure = describe(&e, "zip_open");
  zip_error_fini(&e);
  return failure;
}

// Deflating pictures, films and office files takes twenty times as long and saves nothing.
bool is_worth_deflating(std::string_view media_type) {
  constexpr std::array types{std::string_view{"image/bmp"},
                             std::string_view{"image/x-tga"},
                             std::string_view{"image/svg+xml"},
                             std::string_view{"image/vnd.radiance"},
                             std::string_view{"audio/wav"},
                             std::string_view{"audio/aiff"},
                             std::string_view{"application/rtf"},
                             std::string_view{"application/msword"},
                             std::string_view{"application/vnd.ms-excel"}};
  return media_type.starts_with("text/")
         || std::find(types.begin(), types.end(), media_type) != types.end();
}

// Everything that libzip would take from the file or the clock is fixed instead.
result<> fix_attributes(zip_t* archive, zip_uint64_t index, bool deflate) {
  constexpr zip_uint16_t midnight = 0;
  constexpr zip_uint16_t first_of_1980 =
    1U << 5U | 1U; // APPNOTE.TXT 4.4.6: the first date there is
  constexpr zip_uint32_t regular_file_0644 = 0100644U << 16U;
  const auto method = deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
  if (zip_set_file_compression(archive, index, method, 6) != 0
      || zip_file_set_dostime(archive, index, midnight, first_of_1980, 0) != 0
      || zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, regular_file_0644)
           != 0)
    return describe(archive, "zip attributes");
  return {};
}

result<> add(zip_t* archive, const std::filesystem::path& file, const std::string& entry,
             bool deflate) {
  constexpr zip_int64_t whole_file = -1;
  auto* source = zip_source_file(archive, file.c_str(), 0, whole_file);
  if (source == nullptr)
    return describe(archive, "zip_source_file");
  const auto index = zip_file_add(archive, entry.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source); // the archive owns it only from a success on
    return describe(archive, "zip_file_add " + entry);
  }
  return fix_attributes(archive, static_cast<zip_uint64_t>(index), deflate);
}

result<> add_member(zip_t* archive, const job& work, const std::string& name) {
  const auto file = std::filesystem::path{work.output_dir} / name;
  std::error_code failed;
  if (name != std::filesystem::path{name}.filename()
      || !is_regular_file(symlink_status(file, failed)))
    return fail(errc::bad_request, "no file of this job: " + name);
  return add(archive, file, std::string{folder} + '/' + name, name.ends_with(".txt"));
}

void report(zip_t*, double fraction, void* context) {
  static_cast<const job_context*>(context)->progress(fraction);
}

result<> commit(archive_handle archive, const job_context& context) {
  constexpr double every_percent = 0.01;
  // libzip's C interface knows no const; report() puts it back.
  auto* state = const_cast<job_context*>(&context);
  if (zip_register_progress_callback_with_state(archive.get(), every_percent, report, nullptr,
                                                state)
      != 0)
    return describe(archive.get(), "zip progress");
  // Writes beside the archive and renames at the end; a failed zip_close leaves the handle open.
  if (zip_close(archive.get()) != 0)
    return describe(archive.get(), "zip_close");
  static_cast<void>(archive.release());
  return {};
}

} // namespace

std::string safe_entry_name(std::string_view name) {
  std::string safe{name};
  for (auto& c : safe) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '/' || c == '\\' || c == ':')
      c = '_';
  }
  if (safe.empty() || safe == "." || safe == ".." || safe == folder)
    safe += "_";
  return safe;
}

result<job_result> write_archive(const job& work, const job_context& context) {
  auto archive = create(std::filesystem::path{work.output_dir} / "archive.zip");
  if (!archive)
    return fail(archive.error());
  if (auto added = add(archive->get(), work.input, safe_entry_name(work.name),
                       is_worth_deflating(work.media_type));
      !added)
    return fail(added.error());
  for (const auto& member : work.members)
    if (auto added = add_member(archive->get(), work, member); !added)
      return fail(added.error());
  if (auto written = commit(std::move(*archive), context); !written)
    return fail(written.error());
  job_result done;
  auto& made = done.files.emplace_back();
  made.name = "archive.zip";
  made.media_type = "application/zip";
  return done;
}

} // namespace mediad::media
