#include "media/office.hpp"

#include "base/file.hpp"
#include "media/document_scratch.hpp"
#include "media/office_lock.hpp"
#include "media/office_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>

namespace mediad::media {
namespace {

constexpr std::array<office_format, 10> formats{{
  // Forced, so that bytes which only claim to be of a type reach no other of its many readers. The
  // old binary formats have several readers each, one for every age: there LibreOffice looks.
  {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
   "MS Word 2007 XML", office_family::writer},
  {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
   "Calc MS Excel 2007 XML", office_family::calc},
  {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
   "Impress MS PowerPoint 2007 XML", office_family::impress},
  {"application/vnd.oasis.opendocument.text", "odt", "writer8", office_family::writer},
  {"application/vnd.oasis.opendocument.spreadsheet", "ods", "calc8", office_family::calc},
  {"application/vnd.oasis.opendocument.presentation", "odp", "impress8", office_family::impress},
  {"application/rtf", "rtf", "Rich Text Format", office_family::writer},
  {"application/msword", "doc", "", office_family::writer},
  {"application/vnd.ms-excel", "xls", "", office_family::calc},
  {"application/vnd.ms-powerpoint", "ppt", "", office_family::impress},
}};

// Values of LibreOffice's registry (officecfg: Office/Common.xcs, Calc.xcs, Writer.xcs, Java).
// A link of 2 is never updated.
constexpr std::string_view profile_settings = R"(<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Java/VirtualMachine"><prop oor:name="Enable" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
)";

std::string export_filter(const office_conversion& what) {
  constexpr std::array<std::string_view, 3> names{"writer_pdf_Export", "calc_pdf_Export",
                                                  "impress_pdf_Export"};
  return "pdf:" + std::string{names.at(static_cast<std::size_t>(what.format.family))}
         + R"(:{"PageRange":{"type":"string","value":"1-)" + std::to_string(what.last_page)
         + R"("}})";
}

result<> make_profile(const std::filesystem::path& dir) {
  std::error_code failed;
  std::filesystem::create_directories(dir / "user", failed);
  if (failed)
    return fail_errno(failed.value(), "create_directories");
  const auto file =
    open_file(dir / "user" / "registrymodifications.xcu", O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file)
    return fail(file.error());
  return write_all(file->get(), profile_settings, 0);
}

// LibreOffice goes by the extension before it looks inside, and the input has none. A copy: of the
// input itself we may have no more than a descriptor, which other programs do not inherit.
result<std::string> give_extension(const office_conversion& what,
                                   const std::filesystem::path& dir) {
  auto named = "document." + std::string{what.format.extension};
  std::error_code failed;
  std::filesystem::copy_file(what.input, dir / named, failed);
  if (failed)
    return fail_errno(failed.value(), "copy " + what.input.string());
  return named;
}

// A file: URL (RFC 8089): what is not plain in a path is percent-encoded.
std::string url_of(const std::filesystem::path& absolute) {
  constexpr std::string_view plain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string url = "file://";
  for (const char byte : absolute.string()) {
    const auto value = static_cast<unsigned char>(byte);
    if (plain.find(byte) != std::string_view::npos)
      url += byte;
    else
      url.append({'%', hex[value >> 4U], hex[value & 0xFU]});
  }
  return url;
}

program_run plan(const office_conversion& what, const std::filesystem::path& dir,
                 const std::string& source, const document_options& options) {
  std::vector<std::string> arguments{"-env:UserInstallation=" + url_of(dir / "profile"),
                                     "--headless", "--norestore", "--nologo", "--nolockcheck"};
  if (!what.format.import_filter.empty())
    arguments.push_back("--infilter=" + std::string{what.format.import_filter});
  // Names relative to the directory it runs in: of paths it would decode any percent sign.
  arguments.insert(arguments.end(),
                   {"--convert-to", export_filter(what), "--outdir", "made", source});
  return {options.office, std::move(arguments), dir, dir / "messages",
          std::chrono::seconds{options.office_timeout_s}};
}

// LibreOffice exits with 0 whatever happened: only a PDF says that it made one.
result<> take_result(const office_conversion& what, const std::filesystem::path& dir) {
  const auto made = dir / "made" / "document.pdf";
  std::error_code missing;
  if (std::filesystem::file_size(made, missing) > 0 && !missing) {
    std::error_code failed;
    std::filesystem::rename(made, what.output, failed);
    return failed ? result<>{fail_errno(failed.value(), "rename")} : result<>{};
  }
  if (is_locked_office_file(what.input))
    return fail(errc::password_protected, "the document needs a password");
  constexpr std::size_t enough = 64 * 1024;
  const auto messages = read_file(dir / "messages", enough);
  return fail(errc::corrupt_media,
              "LibreOffice made no PDF: " + (messages ? *messages : std::string{}));
}

} // namespace

const office_format* find_office_format(std::string_view media_type) {
  if (media_type == "text/rtf")
    media_type = "application/rtf";
  const auto* const found = std::find_if(formats.begin(), formats.end(), [&](const auto& format) {
    return format.media_type == media_type;
  });
  return found == formats.end() ? nullptr : found;
}

result<> office_to_pdf(const office_conversion& what, const document_options& options) {
  const auto scratch = scratch_directory::make(what.output.parent_path());
  if (!scratch)
    return fail(scratch.error());
  const auto& dir = scratch->path();
  if (auto made = make_profile(dir / "profile"); !made)
    return made;
  const auto source = give_extension(what, dir);
  if (!source)
    return fail(source.error());
  if (auto ran = run_program(plan(what, dir, *source, options)); !ran)
    return ran;
  return take_result(what, dir);
}

} // namespace mediad::media
