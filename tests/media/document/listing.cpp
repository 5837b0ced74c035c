#define CAF_SUITE media_document_listing

#include "media/document/listing.hpp"

#include "tests/media/support/document_files.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <clocale>
#include <stdexcept>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;
using namespace std::string_literals;

namespace {

struct packed {
  std::string name;
  std::string bytes;
};

using writer_setup = int (*)(archive*);

const std::vector<packed> three{
  {"notes/day.txt", "calm"}, {"käse.txt", std::string(1000, 'x')}, {"../../etc/passwd", "root"}};

struct listing_fixture : document_fixture {
  std::filesystem::path pack(const std::string& name, const std::vector<packed>& entries,
                             writer_setup format,
                             writer_setup filter = archive_write_add_filter_none) {
    std::setlocale(LC_CTYPE, "C.UTF-8"); // else it writes ASCII names only
    auto file = root.path / name;
    auto* out = archive_write_new();
    filter(out);
    if (format(out) != ARCHIVE_OK || archive_write_open_filename(out, file.c_str()) != ARCHIVE_OK)
      throw std::runtime_error{"libarchive cannot write " + name};
    for (const auto& one : entries) {
      auto* entry = archive_entry_new();
      archive_entry_set_pathname_utf8(entry, one.name.c_str());
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_perm(entry, 0644);
      archive_entry_set_mtime(entry, 1'763'860'923, 0);
      archive_entry_set_size(entry, static_cast<la_int64_t>(one.bytes.size()));
      archive_write_header(out, entry);
      archive_write_data(out, one.bytes.data(), one.bytes.size());
      archive_entry_free(entry);
    }
    archive_write_close(out);
    archive_write_free(out);
    return file;
  }

  // A ZIP of empty files with these bytes as names, and no word of what they are written in.
  std::filesystem::path zip_of(const std::vector<std::string>& names) const {
    std::string local;
    std::string central;
    for (const auto& name : names) {
      const auto sizes =
        std::string(12, '\0') + static_cast<char>(name.size()) + std::string(3, '\0');
      central += "PK\1\2\x14\0\x14\0\0\0\0\0\0\0\x21\0"s + sizes + std::string(10, '\0')
                 + static_cast<char>(local.size()) + std::string(3, '\0') + name;
      local += "PK\3\4\x14\0\0\0\0\0\0\0\x21\0"s + sizes + name;
    }
    const auto count = std::string{static_cast<char>(names.size()), '\0'};
    return write("old.zip", local + central + "PK\5\6\0\0\0\0"s + count + count
                              + static_cast<char>(central.size()) + std::string(3, '\0')
                              + static_cast<char>(local.size()) + std::string(5, '\0'));
  }

  std::string list(const std::filesystem::path& file, const std::string& type = "application/zip") {
    return outcome(job_kind::archive_listing, type, file);
  }

  nlohmann::json made() const {
    return nlohmann::json::parse(bytes_of(output() / "listing.json"));
  }

  std::string names() const {
    std::string all;
    const auto whole = made();
    for (const auto& entry : whole.at("entries"))
      all += entry.at("name").get<std::string>() + ' ';
    return all;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(archive_listing_tests, listing_fixture)

CAF_TEST(every kind of archive is listed and nothing of it is extracted) {
  const std::vector<std::filesystem::path> files{
    pack("a.zip", three, archive_write_set_format_zip),
    pack("a.tar", three, archive_write_set_format_pax),
    pack("a.tar.gz", three, archive_write_set_format_pax, archive_write_add_filter_gzip),
    pack("a.tar.xz", three, archive_write_set_format_pax, archive_write_add_filter_xz),
    pack("a.tar.zst", three, archive_write_set_format_pax, archive_write_add_filter_zstd),
    pack("a.7z", three, archive_write_set_format_7zip)};
  for (const auto& file : files) {
    CAF_MESSAGE(file.filename().string());
    CAF_CHECK_EQUAL(list(file), "ok");
    CAF_CHECK_EQUAL(names(), "notes/day.txt käse.txt ../../etc/passwd ");
    CAF_CHECK_EQUAL(made().at("complete").get<bool>(), true);
    CAF_CHECK_EQUAL(made().at("entries").at(1).at("bytes").get<int>(), 1000);
    CAF_CHECK_EQUAL(listing(), "listing.json ");
  }
}

CAF_TEST(names without a charset are read as the system that packed them wrote them) {
  CAF_CHECK_EQUAL(list(zip_of({"\x84\xAE\xAA\xE3\xAC\xA5\xAD\xE2\xEB/\x8E\xE2\xE7\xF1\xE2.txt",
                               "\x8F\xE0\xA8\xA2\xA5\xE2.txt"})),
                  "ok");
  CAF_CHECK_EQUAL(names(), "Документы/Отчёт.txt Привет.txt ");
  CAF_CHECK_EQUAL(list(zip_of({"\x8E\xCA\x90\x5E/\x93\x8C\x8B\x9E\x83^\x83\x8F\x81[.txt"})), "ok");
  CAF_CHECK_EQUAL(names(), "写真/東京タワー.txt ");
  CAF_CHECK_EQUAL(list(zip_of({"Gr\x81\xE1\x65/M\x81ller.txt", "plain.txt", "Łódź.txt"})), "ok");
  CAF_CHECK_EQUAL(names(), "Grüße/Müller.txt plain.txt Łódź.txt ");
}

CAF_TEST(the record says how many entries there are and how large they claim to be) {
  const auto facts = this->facts(job_kind::archive_listing, "application/zip",
                                 pack("a.zip", three, archive_write_set_format_zip));
  CAF_CHECK_EQUAL(facts.at("entries").get<int>(), 3);
  CAF_CHECK_EQUAL(facts.at("unpacked_bytes").get<int>(), 1008);
  CAF_CHECK_EQUAL(facts.at("listing_complete").get<bool>(), true);
}

CAF_TEST(more entries than the limit are too large) {
  options.limits.max_archive_entries = 2;
  CAF_CHECK_EQUAL(list(pack("a.zip", three, archive_write_set_format_zip)), "too_large");
}

CAF_TEST(an archive that unpacks to far more than its size is too large before it is unpacked) {
  const std::vector<packed> zeros{{"zeros", std::string(100U << 20U, '\0')}, {"after", "x"}};
  const auto file =
    pack("bomb.tar.gz", zeros, archive_write_set_format_pax, archive_write_add_filter_gzip);
  CAF_CHECK_EQUAL(list(file, "application/gzip"), "too_large");
  options.limits.max_archive_ratio = 100'000;
  CAF_CHECK_EQUAL(list(file, "application/gzip"), "ok");
}

CAF_TEST(an archive that was cut off is listed as far as it goes) {
  const auto whole = bytes_of(pack("a.tar", three, archive_write_set_format_pax));
  for (std::size_t tenth = 1; tenth < 10; ++tenth) {
    const auto file = write("cut", std::string_view{whole}.substr(0, whole.size() * tenth / 10));
    CAF_CHECK_EQUAL(list(file, "application/x-tar"), "ok");
  }
  CAF_CHECK_EQUAL(list(write("cut", whole.substr(0, 1600)), "application/x-tar"), "ok");
  CAF_CHECK_EQUAL(made().at("complete").get<bool>(), false);
}

CAF_TEST(flipped bits do no harm) {
  for (const auto format : {archive_write_set_format_zip, archive_write_set_format_7zip,
                            archive_write_set_format_pax}) {
    const auto whole = bytes_of(pack("a", three, format));
    for (std::size_t i = 0; i < 200; ++i) {
      auto bent = whole;
      bent[i * 7919 % bent.size()] ^= static_cast<char>(1U << (i % 8));
      const auto end = list(write("bent", bent));
      CAF_CHECK(end == "ok" || end == "too_large");
    }
  }
}

CAF_TEST(a compressed file that is no archive has no listing) {
  const auto file = pack("a.gz", {{"x", "just some text"}}, archive_write_set_format_raw,
                         archive_write_add_filter_gzip);
  CAF_CHECK_EQUAL(list(file, "application/gzip"), "ok");
  CAF_CHECK_EQUAL(listing(), "");
}

CAF_TEST_FIXTURE_SCOPE_END()
