#define CAF_SUITE media_archive

#include "media/archive.hpp"

#include "tests/media/support.hpp"

#include <zip.h>

#include <chrono>
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
    work.members = {"w320.webp", "text.txt"};
  }

  std::string archive() {
    run(run_light, job_kind::archive).value();
    return read(out("archive.zip"));
  }

  /// `name method=content` of each entry in order.
  strings listed() {
    run(run_light, job_kind::archive).value();
    const std::unique_ptr<zip_t, discard_archive> opened{
      zip_open(out("archive.zip").c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr)};
    strings lines;
    const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(opened.get(), 0));
    for (zip_uint64_t i = 0; i < count; ++i) {
      zip_stat_t facts{};
      zip_stat_index(opened.get(), i, 0, &facts);
      std::string content(facts.size, '\0');
      auto* entry = zip_fopen_index(opened.get(), i, 0);
      zip_fread(entry, content.data(), content.size());
      zip_fclose(entry);
      const auto* method = facts.comp_method == ZIP_CM_STORE ? " stored=" : " deflated=";
      lines.push_back(facts.name + std::string{method} + content);
    }
    return lines;
  }

  std::string only_name() {
    work.members = {};
    return listed().at(0).substr(0, listed().at(0).find(' '));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(archive_tests, fixture)

CAF_TEST(the archive holds the original and the members in their order) {
  const strings expected{"beach.jpg stored=the original", "renditions/w320.webp stored=small",
                         "renditions/text.txt deflated=" + std::string(1000, 'x')};
  CAF_CHECK_EQUAL(listed(), expected);
}

CAF_TEST(the same inputs give the same bytes at another time and with other rights) {
  const auto first = archive();
  const auto later = std::filesystem::file_time_type::clock::now() + std::chrono::hours{48};
  std::filesystem::last_write_time(work.input, later);
  std::filesystem::permissions(work.input, std::filesystem::perms::owner_read);
  const auto again = archive();
  CAF_CHECK_EQUAL(first == again, true);
}

CAF_TEST(an uncompressed original is deflated) {
  input(std::string(1000, 'a'), "image/bmp");
  work.name = "a.bmp";
  CAF_CHECK_EQUAL(listed().front().substr(0, 14), "a.bmp deflated");
}

CAF_TEST(a name in any script survives) {
  work.name = "Zażółć 日本語.jpg";
  work.members = {};
  const strings expected{"Zażółć 日本語.jpg stored=the original"};
  CAF_CHECK_EQUAL(listed(), expected);
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
}

CAF_TEST(a member outside of the output folder is refused) {
  work.members = {"../in"};
  CAF_CHECK_EQUAL(failure(run_light, job_kind::archive), "bad_request");
}

CAF_TEST(a member that is a link is refused) {
  std::filesystem::create_symlink("/etc/hostname", out("w640.webp"));
  work.members = {"w640.webp"};
  CAF_CHECK_EQUAL(failure(run_light, job_kind::archive), "bad_request");
}

CAF_TEST(a failed archive leaves nothing behind) {
  std::filesystem::remove(work.input);
  CAF_CHECK_EQUAL(failure(run_light, job_kind::archive), "not_found");
  const strings before{"text.txt", "w320.webp"};
  CAF_CHECK_EQUAL(made(), before);
}

CAF_TEST(the archive of a large file reports progress) {
  input(std::string(20U << 20U, 'x'), "video/mp4");
  static_cast<void>(archive());
  CAF_CHECK_GREATER(progress.size(), 10u);
  CAF_CHECK_EQUAL(std::is_sorted(progress.begin(), progress.end()), true);
}

CAF_TEST_FIXTURE_SCOPE_END()
