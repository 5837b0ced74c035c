#define CAF_SUITE media_archive

#include "media/archive/archive.hpp"

#include "base/file.hpp"
#include "media/archive/zip_records.hpp"
#include "tests/media/support/pictures.hpp"

#include <nlohmann/json.hpp>
#include <zip.h>

#include <chrono>
#include <fcntl.h>
#include <memory>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

using strings = std::vector<std::string>;

struct discard_archive {
  void operator()(zip_t* archive) const noexcept {
    zip_discard(archive);
  }
};

struct fixture : workbench {
  fixture() {
    input("the original", "image/jpeg");
    work.name = "beach.jpg";
    write(out("w320.webp"), "small");
    write(out("text.txt"), std::string(1000, 'x'));
    work.sha256 = "0123";
    members({{"w320.webp", "image/webp"}, {"text.txt", "text/plain"}});
  }

  void members(const std::vector<std::pair<std::string, std::string>>& named) {
    work.members.clear();
    for (const auto& [name, type] : named) {
      auto& made = work.members.emplace_back();
      made.name = name;
      made.media_type = type;
      made.sha256 = "digest of " + name;
    }
  }

  /// The archive as a client gets it: what was left out put in.
  std::string whole() {
    const auto done = run(run_light, job_kind::archive).value();
    auto bytes = read(out("archive.zip"));
    std::size_t spliced = 0;
    for (const auto& s : done.splices) {
      const auto content = read(s.file.empty() ? input_file : out(s.file));
      CAF_CHECK_EQUAL(content.size(), s.bytes);
      bytes.insert(s.at + spliced, content);
      spliced += content.size();
    }
    return bytes;
  }

  std::string manifest() {
    auto last = listed().back();
    return last.substr(last.find('=') + 1);
  }

  /// `name method=content` of each entry in order.
  strings listed() {
    write(out("whole.zip"), whole());
    auto lines = listed(out("whole.zip"));
    std::filesystem::remove(out("whole.zip"));
    return lines;
  }

  static strings listed(const std::filesystem::path& file) {
    const std::unique_ptr<zip_t, discard_archive> opened{
      zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr)};
    strings lines;
    const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(opened.get(), 0));
    for (zip_uint64_t i = 0; i < count; ++i) {
      zip_stat_t facts{};
      zip_stat_index(opened.get(), i, 0, &facts);
      std::string content(facts.size, '\0');
      auto* entry = zip_fopen_index(opened.get(), i, 0);
      // Its checksum is compared when the end is reached, and not before.
      char past_the_end = 0;
      const bool read_all =
        zip_fread(entry, content.data(), content.size()) == static_cast<zip_int64_t>(facts.size)
        && zip_fread(entry, &past_the_end, 1) == 0;
      zip_fclose(entry);
      const auto* method = facts.comp_method == ZIP_CM_STORE ? " stored=" : " deflated=";
      lines.push_back(facts.name + std::string{method} + (read_all ? content : "damaged"));
    }
    return lines;
  }

  std::string only_name() {
    work.members = {};
    return listed().at(0).substr(0, listed().at(0).rfind(" stored="));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(archive_tests, fixture)

CAF_TEST(the archive holds the original and the members in their order and a manifest) {
  const strings expected{"beach.jpg stored=the original", "renditions/w320.webp stored=small",
                         "renditions/text.txt deflated=" + std::string(1000, 'x')};
  auto entries = listed();
  CAF_REQUIRE_EQUAL(entries.size(), 4u);
  CAF_CHECK_EQUAL(entries.back().substr(0, 21), "manifest.json stored=");
  entries.pop_back();
  CAF_CHECK_EQUAL(entries, expected);
}

CAF_TEST(the manifest names every member with its size and type and digest) {
  const auto told = nlohmann::json::parse(manifest());
  CAF_CHECK_EQUAL(told.at("format").get<std::string>(), "mediad.archive.v1");
  CAF_REQUIRE_EQUAL(told.at("files").size(), 3u);
  const auto original = told.at("files").at(0);
  const nlohmann::json expected{
    {"name", "beach.jpg"}, {"media_type", "image/jpeg"}, {"bytes", 12}, {"sha256", "0123"}};
  CAF_CHECK_EQUAL(original.dump(), expected.dump());
  const auto text = told.at("files").at(2);
  CAF_CHECK_EQUAL(text.at("name").get<std::string>(), "renditions/text.txt");
  CAF_CHECK_EQUAL(text.at("bytes").get<int>(), 1000);
  CAF_CHECK_EQUAL(text.at("sha256").get<std::string>(), "digest of text.txt");
}

CAF_TEST(with and without a copy of the large ones it is the same archive) {
  input(std::string(3U << 20U, 'v'), "video/mp4");
  write(out("w320.webp"), std::string(2U << 20U, 'w'));
  const auto copied = whole();
  CAF_CHECK_EQUAL(std::filesystem::file_size(out("archive.zip")), copied.size());
  options.archive.copy_below = 5U << 20U;
  const auto spliced = whole();
  CAF_CHECK_LESS(std::filesystem::file_size(out("archive.zip")), 4096u);
  CAF_CHECK_EQUAL(copied == spliced, true);
}

CAF_TEST(members that are small or worth deflating are copied into any archive) {
  input(std::string(3U << 20U, 't'), "text/plain");
  write(out("w320.webp"), std::string((1U << 20U) - 1, 'w'));
  options.archive.copy_below = 0;
  CAF_CHECK(run(run_light, job_kind::archive).value().splices.empty());
}

CAF_TEST(an empty original is archived) {
  for (const auto* type : {"image/jpeg", "text/plain"}) {
    input("", type);
    const auto entries = listed();
    CAF_CHECK_EQUAL(entries.front().substr(entries.front().find('=')), "=");
  }
}

CAF_TEST(the original has its own date in the archive and what was made of it has none) {
  for (const auto copied : {true, false}) {
    work.modified_at = 1'796'054'645'678;
    options.archive.copy_below = copied ? std::uint64_t{1} << 40U : 0;
    write(out("whole.zip"), whole());
    const std::unique_ptr<zip_t, discard_archive> opened{
      zip_open(out("whole.zip").c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr)};
    CAF_REQUIRE(opened != nullptr);
    zip_uint16_t length = 0;
    for (const zip_flags_t where : {ZIP_FL_LOCAL, ZIP_FL_CENTRAL}) {
      const auto* date = zip_file_extra_field_get_by_id(opened.get(), 0, 0x5455, 0, &length, where);
      CAF_REQUIRE(date != nullptr && length == 5);
      // The seconds 1,796,054,645, least significant byte first.
      CAF_CHECK_EQUAL(std::string(reinterpret_cast<const char*>(date), length),
                      std::string("\x01\x75\x9E\x0D\x6B"));
    }
    CAF_CHECK_EQUAL(
      zip_file_extra_field_get_by_id(opened.get(), 1, 0x5455, 0, &length, ZIP_FL_CENTRAL), nullptr);
  }
}

CAF_TEST(a date is DOS time in UTC and one that a ZIP cannot hold is left out) {
  zip_entry dated;
  dated.modified = 1'796'054'645; // 2026-11-30 16:04:05
  CAF_CHECK_EQUAL(local_header(dated).substr(10, 4), "\x82\x80\x7E\x5D");
  zip_entry old;
  old.name = "a";
  old.modified = -5'000'000'000;
  CAF_CHECK_EQUAL(local_header(old).size(), 31u);
}

CAF_TEST(an original of more than four gigabytes takes ZIP64) {
  constexpr std::uint64_t length = (std::uint64_t{4} << 30U) + 1;
  zip_entry film;
  film.name = "film.mp4";
  film.size = film.packed = length;
  film.wide_lengths = needs_wide_lengths(length, length);
  zip_entry behind;
  behind.name = "renditions/empty";
  behind.at = local_header(film).size() + length;
  const auto directory_at = behind.at + local_header(behind).size();
  const unique_fd file = open_file(out("whole.zip"), O_WRONLY | O_CREAT).value();
  write_all(file.get(), local_header(film), 0).value();
  write_all(file.get(), local_header(behind), behind.at).value();
  write_all(file.get(), central_directory({film, behind}, directory_at), directory_at).value();
  const std::unique_ptr<zip_t, discard_archive> opened{
    zip_open(out("whole.zip").c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr)};
  CAF_REQUIRE(opened != nullptr);
  zip_stat_t facts{};
  CAF_CHECK_EQUAL(zip_stat_index(opened.get(), 0, 0, &facts), 0);
  CAF_CHECK_EQUAL(facts.size, length);
  CAF_CHECK_EQUAL(facts.comp_size, length);
  CAF_CHECK_EQUAL(zip_stat(opened.get(), "renditions/empty", 0, &facts), 0);
  CAF_CHECK_EQUAL(facts.size, 0u);
}

CAF_TEST(more than 65535 entries take ZIP64) {
  const std::vector<zip_entry> many(70'000, [] {
    zip_entry e;
    e.name = "x";
    return e;
  }());
  write(out("whole.zip"),
        local_header(many.front()) + central_directory(many, local_header(many.front()).size()));
  const std::unique_ptr<zip_t, discard_archive> opened{
    zip_open(out("whole.zip").c_str(), ZIP_RDONLY, nullptr)};
  CAF_REQUIRE(opened != nullptr);
  CAF_CHECK_EQUAL(zip_get_num_entries(opened.get(), 0), 70'000);
}

CAF_TEST(the same inputs give the same bytes at another time and with other rights) {
  const auto first = whole();
  const auto later = std::filesystem::file_time_type::clock::now() + std::chrono::hours{48};
  std::filesystem::last_write_time(input_file, later);
  std::filesystem::permissions(input_file, std::filesystem::perms::owner_read);
  const auto again = whole();
  CAF_CHECK_EQUAL(first == again, true);
}

CAF_TEST(an uncompressed original is deflated) {
  input(std::string(1000, 'a'), "image/bmp");
  work.name = "a.bmp";
  CAF_CHECK_EQUAL(listed().front().substr(0, 14), "a.bmp deflated");
}

CAF_TEST(a name in any script survives) {
  work.name = "Zażółć 日本語.jpg";
  CAF_CHECK_EQUAL(only_name(), "Zażółć 日本語.jpg");
}

CAF_TEST(a name with a path in it names a file in the root) {
  work.name = "../../etc/passwd";
  CAF_CHECK_EQUAL(only_name(), ".._.._etc_passwd");
  work.name = "/etc/passwd";
  CAF_CHECK_EQUAL(only_name(), "_etc_passwd");
  work.name = "..\\..\\boot.ini";
  CAF_CHECK_EQUAL(only_name(), ".._.._boot.ini");
}

CAF_TEST(a name that is no name becomes one) {
  CAF_CHECK_EQUAL(safe_entry_name(""), "_");
  CAF_CHECK_EQUAL(safe_entry_name(".."), ".._");
  CAF_CHECK_EQUAL(safe_entry_name("C:evil"), "C_evil");
  CAF_CHECK_EQUAL(safe_entry_name("a\nb"), "a_b");
  CAF_CHECK_EQUAL(safe_entry_name("renditions"), "renditions_");
  CAF_CHECK_EQUAL(safe_entry_name("manifest.json"), "manifest.json_");
}

CAF_TEST(a member outside of the output folder is refused) {
  members({{"../in", "image/jpeg"}});
  CAF_CHECK_EQUAL(failure(run_light, job_kind::archive), "bad_request");
}

CAF_TEST(a member that is a link is refused) {
  std::filesystem::create_symlink("/etc/hostname", out("w640.webp"));
  members({{"w640.webp", "image/webp"}});
  CAF_CHECK_EQUAL(failure(run_light, job_kind::archive), "bad_request");
}

CAF_TEST(a failed archive leaves nothing behind) {
  members({{"text.txt", "text/plain"}, {"gone.webp", "image/webp"}});
  CAF_CHECK_EQUAL(failure(run_light, job_kind::archive), "not_found");
  const strings before{"text.txt", "w320.webp"};
  CAF_CHECK_EQUAL(made(), before);
}

CAF_TEST(the archive of a large file reports progress) {
  input(std::string(20U << 20U, 'x'), "video/mp4");
  static_cast<void>(whole());
  CAF_CHECK_GREATER(progress.size(), 10u);
  CAF_CHECK_EQUAL(std::is_sorted(progress.begin(), progress.end()), true);
}

CAF_TEST_FIXTURE_SCOPE_END()
