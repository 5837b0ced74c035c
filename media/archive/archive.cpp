#include "media/archive/archive.hpp"

#include "media/archive/zip_writer.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace mediad::media {
namespace {

constexpr std::string_view folder = "renditions";
constexpr std::string_view manifest_name = "manifest.json";
// A file that is spliced in when the archive is sent costs an open: below this a copy is cheaper.
constexpr std::uint64_t splice_from = std::uint64_t{1} << 20U;

/// A file on its way into the archive.
struct member {
  unique_fd file;
  std::string name;     ///< The name of the member in the archive.
  std::string known_as; ///< What splice::file calls it.
  std::string media_type;
  std::string sha256;
  std::uint64_t bytes = 0;
  std::int64_t modified = 0; ///< Seconds since 1970; 0: what is made here has no date.
  bool deflate = false;
};

// Deflating pictures, films, sound and office files takes twenty times as long and saves little.
bool is_worth_deflating(std::string_view media_type) {
  constexpr std::array types{std::string_view{"image/bmp"},
                             std::string_view{"image/x-tga"},
                             std::string_view{"image/svg+xml"},
                             std::string_view{"image/vnd.radiance"},
                             std::string_view{"application/json"},
                             std::string_view{"application/xml"},
                             std::string_view{"application/rtf"},
                             std::string_view{"application/msword"},
                             std::string_view{"application/vnd.apple.mpegurl"},
                             std::string_view{"application/vnd.ms-excel"}};
  return media_type.starts_with("text/")
         || std::find(types.begin(), types.end(), media_type) != types.end();
}

result<member> member_of(result<unique_fd> file, const std::string& called) {
  if (!file && file.error().code == errc::not_found)
    return fail(file.error());
  const auto bytes = file ? opened_file{file->get()}.size() : fail(file.error());
  if (!bytes)
    return fail(errc::bad_request, "no plain file: " + called);
  member m;
  m.file = std::move(*file);
  m.bytes = *bytes;
  return m;
}

result<member> open_input(const job& work, const job_context& context) {
  auto m = member_of(context.input.reopen(), "the input");
  if (!m)
    return m;
  m->name = safe_entry_name(work.name);
  m->media_type = work.media_type;
  m->sha256 = work.sha256;
  m->modified = second_of(work.modified_at);
  m->deflate = is_worth_deflating(work.media_type);
  return m;
}

result<member> open_made(const job_context& context, const made_file& made) {
  auto m = member_of((context.output / made.name).open(O_RDONLY | O_NONBLOCK), made.name);
  if (!m)
    return m;
  m->name = std::string{folder} + '/' + made.name;
  m->known_as = made.name;
  m->media_type = made.media_type;
  m->sha256 = made.sha256;
  m->deflate = is_worth_deflating(made.media_type);
  return m;
}

result<std::vector<member>> open_all(const job& work, const job_context& context) {
  std::vector<member> all;
  auto input = open_input(work, context);
  if (!input)
    return fail(input.error());
  all.push_back(std::move(*input));
  for (const auto& made : work.members) {
    auto m = open_made(context, made);
    if (!m)
      return fail(m.error());
    all.push_back(std::move(*m));
  }
  return all;
}

std::string manifest_of(const std::vector<member>& all) {
  auto files = nlohmann::ordered_json::array();
  for (const auto& m : all)
    files.push_back(
      {{"name", m.name}, {"media_type", m.media_type}, {"bytes", m.bytes}, {"sha256", m.sha256}});
  const nlohmann::ordered_json manifest{{"format", "mediad.archive.v1"},
                                        {"files", std::move(files)}};
  return manifest.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

result<> add(archive_writer& archive, const member& m, bool may_splice) {
  const archive_source source{m.name, m.file.get(), m.bytes, m.modified};
  if (m.deflate)
    return archive.add_deflated(source);
  if (may_splice && m.bytes >= splice_from)
    return archive.add_spliced(source, m.known_as);
  return archive.add_stored(source);
}

std::uint64_t total_of(const std::vector<member>& all) {
  std::uint64_t total = 0;
  for (const auto& m : all)
    total += m.bytes;
  return total;
}

} // namespace

std::string safe_entry_name(std::string_view name) {
  std::string safe{name};
  for (auto& c : safe) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '/' || c == '\\' || c == ':')
      c = '_';
  }
  if (safe.empty() || safe == "." || safe == ".." || safe == folder || safe == manifest_name)
    safe += "_";
  return safe;
}

result<job_result> write_archive(const job& work, const job_context& context) {
  const auto all = open_all(work, context);
  if (!all)
    return fail(all.error());
  const auto total = total_of(*all);
  std::uint64_t read = 0;
  const auto report = [&context, &read, total](std::size_t more) {
    read += more;
    context.progress(static_cast<double>(read) / static_cast<double>(total));
  };
  auto archive = archive_writer::create(context.output / "archive.zip", report);
  if (!archive)
    return fail(archive.error());
  for (const auto& m : *all)
    if (auto added = add(*archive, m, total >= context.options.archive.copy_below); !added)
      return fail(added.error());
  if (auto added = archive->add_text(std::string{manifest_name}, manifest_of(*all)); !added)
    return fail(added.error());
  if (auto finished = archive->finish(); !finished)
    return fail(finished.error());
  job_result done;
  done.splices = archive->splices();
  auto& made = done.files.emplace_back();
  made.name = "archive.zip";
  made.media_type = "application/zip";
  return done;
}

} // namespace mediad::media
