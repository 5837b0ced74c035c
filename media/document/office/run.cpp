#include "media/document/office/run.hpp"

#include "base/file.hpp"
#include "media/document/office/check_rtf.hpp"
#include "media/document/office/lock.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>

namespace mediad::media::office {
namespace {

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

std::string made_extension(const conversion& what) {
  return what.made == target::pdf ? "pdf" : std::string{open_format_of(what.format).extension};
}

std::string export_filter(const conversion& what) {
  if (what.made == target::open_document)
    return made_extension(what) + ":" + std::string{open_format_of(what.format).import_filter};
  constexpr std::array<std::string_view, 4> names{"writer_pdf_Export", "calc_pdf_Export",
                                                  "impress_pdf_Export", "draw_pdf_Export"};
  return "pdf:" + std::string{names.at(static_cast<std::size_t>(what.format.opens_in))}
         + R"(:{"PageRange":{"type":"string","value":"1-)" + std::to_string(what.last_page)
         + R"("}})";
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

// The folder of an office that was started ahead is a file system of its own.
result<> move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code failed;
  std::filesystem::rename(from, to, failed);
  if (failed == std::errc::cross_device_link)
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, failed);
  return failed ? result<>{fail_errno(failed.value(), "rename")} : result<>{};
}

// LibreOffice takes no RTF before which anything stands, not even a byte order mark.
result<> copy_rtf(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::ifstream in{from, std::ios::binary};
  std::string head(128, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  const auto begin = begin_of_rtf(head);
  in.clear();
  in.seekg(begin == std::string_view::npos ? 0 : static_cast<std::streamoff>(begin));
  std::ofstream out{to, std::ios::binary};
  out << in.rdbuf();
  out.close();
  return out ? result<>{} : result<>{fail(errc::storage_io, "copy the document")};
}

} // namespace

result<> make_profile(const std::filesystem::path& home) {
  const auto dir = home / "profile";
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
result<std::string> copy_with_extension(const conversion& what, const std::filesystem::path& dir) {
  auto named = "document." + std::string{what.format.extension};
  if (what.format.extension == "rtf") {
    if (auto copied = copy_rtf(what.input.name(), dir / named); !copied)
      return fail(copied.error());
    return named;
  }
  std::error_code failed;
  std::filesystem::copy_file(what.input.name(), dir / named, failed);
  if (failed)
    return fail_errno(failed.value(), "copy the document");
  return named;
}

std::vector<std::string> start_arguments(const std::filesystem::path& home) {
  return {"-env:UserInstallation=" + url_of(home / "profile"), "--headless", "--norestore",
          "--nologo", "--nolockcheck"};
}

std::vector<std::string> conversion_arguments(const conversion& what, const std::string& source) {
  std::vector<std::string> arguments;
  if (!what.format.import_filter.empty())
    arguments.push_back("--infilter=" + std::string{what.format.import_filter});
  // Names relative to the directory it runs in: of paths it would decode any percent sign.
  arguments.insert(arguments.end(),
                   {"--convert-to", export_filter(what), "--outdir", "made", source});
  return arguments;
}

// LibreOffice exits with 0 whatever happened: only a file says that it made one.
result<> take_made(const conversion& what, const std::filesystem::path& dir) {
  const auto made = dir / "made" / ("document." + made_extension(what));
  std::error_code missing;
  if (std::filesystem::file_size(made, missing) > 0 && !missing) {
    return move_file(made, what.output);
  }
  if (is_locked_file(what.input))
    return fail(errc::password_protected, "the document needs a password");
  constexpr std::size_t enough = 64 * 1024;
  const auto messages = read_file(dir / "messages", enough);
  return fail(errc::corrupt_media, "LibreOffice made no " + made_extension(what) + ": "
                                     + (messages ? *messages : std::string{}));
}

} // namespace mediad::media::office
