#pragma once

#include "base/process.hpp"
#include "media/document/office/run.hpp"
#include "tests/media/support/document_files.hpp"
#include "tests/media/support/zip_of.hpp"

#include <zip.h>

#include <array>
#include <chrono>
#include <csignal>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

/// Office files that try to reach something when they are opened.
namespace mediad::tests {

inline const std::string open_xml = "application/vnd.openxmlformats-officedocument.";
inline const std::string docx = open_xml + "wordprocessingml.document";
inline const std::string open_document = "application/vnd.oasis.opendocument.";
inline const std::string odt = open_document + "text";
inline const std::string ods = open_document + "spreadsheet";
inline const std::string relation_types =
  "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

// Macros run and links are followed without a question.
inline constexpr std::string_view trusting_profile = R"(<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>)";

using parts = zip_parts;

/// Waits on 127.0.0.1 for a connection.
class canary {
public:
  canary() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)} {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(socket_.get(), address, length) != 0 || ::listen(socket_.get(), 64) != 0
        || ::getsockname(socket_.get(), address, &length) != 0)
      throw std::runtime_error{"no port to listen on"};
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  }

  const std::string& url() const {
    return url_;
  }

  /// How many have come since it was asked last.
  int visits() {
    int count = 0;
    while (unique_fd{::accept(socket_.get(), nullptr, nullptr)})
      ++count;
    return count;
  }

private:
  unique_fd socket_;
  std::string url_;
};

struct lure_fixture : document_fixture {
  canary bird;

  std::filesystem::path written() const {
    return root.path / "written";
  }

  std::filesystem::path zip_of(const parts& all) const {
    return write_zip(root.path / "lure", all);
  }

  std::filesystem::path open_document_of(const std::string& type, const std::string& body,
                                         parts more = {}) const {
    const std::string names = "urn:oasis:names:tc:opendocument:xmlns:";
    std::string content =
      R"(<?xml version="1.0"?><office:document-content office:version="1.2")"
      R"( xmlns:xlink="http://www.w3.org/1999/xlink")"
      R"( xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:ooo="http://openoffice.org/2004/office")"
      R"( xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0")"
      R"( xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0")";
    std::string manifest =
      R"(<?xml version="1.0"?><manifest:manifest manifest:version="1.2" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">)"
      R"(<manifest:file-entry manifest:full-path="/" manifest:media-type=")"
      + type + R"("/>)";
    for (const auto* name : {"office", "text", "table", "script"})
      content += std::string{" xmlns:"} + name + "=\"" + names + name + ":1.0\"";
    parts all{{"mimetype", type}};
    more.emplace_back("content.xml", content + '>' + body + "</office:document-content>");
    for (auto& part : more) {
      manifest += "<manifest:file-entry manifest:full-path=\"" + part.first
                  + "\" manifest:media-type=\"text/xml\"/>";
      all.push_back(std::move(part));
    }
    all.emplace_back("META-INF/manifest.xml", manifest + "</manifest:manifest>");
    return zip_of(all);
  }

  static std::string relations(const std::vector<std::array<std::string, 3>>& all) {
    std::string text =
      R"(<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)";
    for (const auto& [id, type, target] : all)
      text += "<Relationship Id=\"" + id + "\" Type=\"" + type + "\" Target=\"" + target + "\""
              + (contains(target, ":") ? " TargetMode=\"External\"" : "") + "/>";
    return text + "</Relationships>";
  }

  std::filesystem::path word_document_of(const std::string& body, const std::string& main_type,
                                         parts more) const {
    const std::string prefix = "application/vnd.";
    more.emplace_back(
      "[Content_Types].xml",
      R"(<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
      R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
      R"(<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>)"
      R"(<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>)"
      R"(<Override PartName="/word/document.xml" ContentType=")"
        + prefix + main_type + R"(.main+xml"/></Types>)");
    more.emplace_back("_rels/.rels",
                      relations({{"a", relation_types + "/officeDocument", "word/document.xml"}}));
    more.emplace_back(
      "word/document.xml",
      R"(<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main")"
      R"( xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture")"
      R"( xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing")"
      R"( xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office")"
      R"( xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>)"
        + body + "</w:body></w:document>");
    return zip_of(more);
  }

  // Opens the document in an office that trusts everything, until it has done what it tries.
  template <class Harm>
  bool harms_who_trusts(const std::string& type, const std::filesystem::path& file,
                        Harm is_done) const {
    const temp_root home;
    std::filesystem::create_directories(home.path / "profile" / "user");
    std::ofstream{home.path / "profile" / "user" / "registrymodifications.xcu"} << trusting_profile;
    const open_input opened{file};
    const media::office::conversion what{opened, home.path / "unused",
                                         *media::office::find_format(type), 1};
    std::vector<std::string> words{"env", "HOME=" + home.path.string(), options.office.program};
    for (auto& word : media::office::start_arguments(home.path))
      words.push_back(std::move(word));
    words.push_back(home.path / media::office::copy_with_extension(what, home.path).value());
    spawn_options own_group;
    own_group.lead_group();
    const auto office = own_group.spawn(std::move(words)).value();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    bool done = false;
    while (!(done = is_done()) && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    ::kill(-office, SIGKILL);
    ::waitpid(office, nullptr, 0);
    return done;
  }
};

/// One part of a ZIP, at most 64 KiB; empty if it has none of this name.
inline std::string part_of(const std::filesystem::path& file, const char* name) {
  auto* archive = zip_open(file.c_str(), ZIP_RDONLY, nullptr);
  if (archive == nullptr)
    return {};
  std::string text(64U << 10U, '\0');
  if (auto* part = zip_fopen(archive, name, 0); part != nullptr) {
    const auto got = zip_fread(part, text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    zip_fclose(part);
  } else
    text.clear();
  zip_discard(archive);
  return text;
}

} // namespace mediad::tests
