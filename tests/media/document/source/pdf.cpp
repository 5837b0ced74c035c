#define CAF_SUITE media_document_source_pdf

#include "base/file.hpp"
#include "tests/media/support/document_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

constexpr auto pdf = "application/pdf";

// Everything that is written to standard error while it lives, in a file.
class caught_stderr {
public:
  explicit caught_stderr(const std::filesystem::path& file)
    : before_{::dup(STDERR_FILENO)}, into_{open_file(file, O_WRONLY | O_CREAT).value()} {
    ::dup2(into_.get(), STDERR_FILENO);
  }
  ~caught_stderr() {
    ::dup2(before_.get(), STDERR_FILENO);
  }

private:
  unique_fd before_;
  unique_fd into_;
};

// Three empty pages: objects 3, 4 and 5.
std::string three_pages() {
  const std::string page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 200]>>";
  std::string bytes = "%PDF-1.4\n";
  std::vector<std::size_t> places;
  for (const auto& object :
       {std::string{"<</Type/Catalog/Pages 2 0 R>>"},
        std::string{"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>"}, page, page, page}) {
    places.push_back(bytes.size());
    bytes += std::to_string(places.size()) + " 0 obj" + object + "endobj\n";
  }
  const auto table = bytes.size();
  bytes += "xref\n0 6\n0000000000 65535 f \n";
  for (const auto at : places) {
    const auto digits = std::to_string(at);
    bytes += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
  }
  return bytes + "trailer<</Root 1 0 R/Size 6>>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(document_pdf_tests, document_fixture)

CAF_TEST(a preview shows the first page and tells pages and title and author) {
  const auto done = run(job_kind::document_preview, pdf, sample("report.pdf")).value();
  CAF_REQUIRE_EQUAL(done.files.size(), 1u);
  const auto preview = done.files.front();
  CAF_CHECK_EQUAL(preview.name, "preview.webp");
  CAF_CHECK_EQUAL(preview.height, 320u);
  CAF_CHECK(!done.thumbhash.empty());
  const auto said = nlohmann::json::parse(done.media);
  const nlohmann::json expected{{"pages", 12}, {"title", "Report"}, {"author", "The Keepers"}};
  CAF_CHECK_EQUAL(said.dump(), expected.dump());
}

CAF_TEST(as many page images are made as the options ask and each fills the box) {
  options.document.pages = 3;
  options.document.page_box = 700;
  const auto done = run(job_kind::document_pages, pdf, sample("report.pdf")).value();
  CAF_REQUIRE_EQUAL(done.files.size(), 3u);
  const auto last = done.files.back();
  CAF_CHECK_EQUAL(last.name, "page-3.webp");
  CAF_CHECK_EQUAL(last.height, 700u);
  CAF_CHECK_EQUAL(last.width, 495u); // US letter would be 541
  CAF_CHECK_EQUAL(bytes_of(output() / "page-3.webp").substr(8, 4), "WEBP");
  CAF_CHECK(bytes_of(output() / "page-1.webp") != bytes_of(output() / "page-2.webp"));
}

CAF_TEST(page images come with progress up to the whole) {
  static_cast<void>(run(job_kind::document_pages, pdf, sample("report.pdf")).value());
  CAF_REQUIRE_EQUAL(progress.size(), 10u);
  CAF_CHECK(std::is_sorted(progress.begin(), progress.end()));
  CAF_CHECK_EQUAL(progress.back(), 1.0);
}

CAF_TEST(the text has every page in order with a form feed between) {
  const auto all = text(pdf, sample("report.pdf"));
  CAF_CHECK_EQUAL(std::count(all.begin(), all.end(), '\f'), 11);
  const auto sentence = all.find("The keeper counted 4217 ships before dawn.");
  CAF_CHECK(all.find("Report, page 7") < sentence);
  CAF_CHECK(sentence < all.find("Report, page 8"));
}

CAF_TEST(a text over the limit is cut and says so) {
  options.limits.max_text_bytes = 1024;
  const auto said = facts(job_kind::document_text, pdf, sample("report.pdf"));
  CAF_CHECK_EQUAL(said.dump(), R"({"text_bytes":1024,"text_truncated":true})");
  CAF_CHECK_EQUAL(bytes_of(output() / "text.txt").size(), 1024u);
}

CAF_TEST(an encrypted file is password protected) {
  const auto file = sample("encrypted.pdf");
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, pdf, file), "password_protected");
  CAF_CHECK_EQUAL(outcome(job_kind::document_pages, pdf, file), "password_protected");
  CAF_CHECK_EQUAL(outcome(job_kind::document_text, pdf, file), "password_protected");
  CAF_CHECK_EQUAL(listing(), "");
}

CAF_TEST(a file that was cut off is corrupt) {
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, pdf, sample("truncated.pdf")),
                  "corrupt_media");
}

CAF_TEST(a file without its end mark or with bytes behind it is complete) {
  const auto whole = bytes_of(sample("report.pdf"));
  const auto unmarked = write("nearly.pdf", whole.substr(0, whole.rfind("%%EOF")));
  const auto padded = write("padded.pdf", whole + std::string(5000, '\0'));
  for (const auto& file : {unmarked, padded}) {
    const auto said = facts(job_kind::document_pages, pdf, file);
    CAF_CHECK_EQUAL(said["pages"], 12);
    CAF_CHECK_EQUAL(said.contains("damage"), false);
  }
}

CAF_TEST(a file that was cut off shows the pages that can be found and says so) {
  const auto whole = three_pages();
  const auto file = write("cut.pdf", whole.substr(0, whole.rfind("startxref")));
  const auto said = facts(job_kind::document_pages, pdf, file);
  CAF_CHECK_EQUAL(said.dump(), R"({"damage":"incomplete","pages":3})");
}

// poppler counts the pages that it finds, and three are promised.
CAF_TEST(a page that cannot be drawn is left out and said to be missing) {
  auto bytes = three_pages();
  const auto second = bytes.find("4 0 obj");
  bytes.replace(second, 7, "9 0 obj"); // nothing refers to it
  const auto said = facts(job_kind::document_pages, pdf, write("lost.pdf", bytes));
  CAF_CHECK_EQUAL(said["damage"], "incomplete");
  CAF_CHECK_EQUAL(listing(), "page-1.webp page-2.webp ");
}

CAF_TEST(a damaged file is corrupt and poppler keeps quiet about it) {
  std::string ended;
  {
    const caught_stderr caught{root.path / "stderr"};
    ended = outcome(job_kind::document_preview, pdf, sample("corrupt.pdf"));
  }
  CAF_CHECK_EQUAL(ended, "corrupt_media");
  CAF_CHECK_EQUAL(bytes_of(root.path / "stderr"), "");
}

CAF_TEST(more pages than the limit are too large) {
  options.limits.max_pages = 11;
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, pdf, sample("report.pdf")), "too_large");
}

CAF_TEST(an empty file is corrupt) {
  CAF_CHECK_EQUAL(outcome(job_kind::document_text, pdf, write("empty.pdf", "")), "corrupt_media");
}

CAF_TEST(a type without a reader is unsupported) {
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, "image/jpeg", sample("report.pdf")),
                  "unsupported_media");
}

CAF_TEST(a job of another kind is refused) {
  CAF_CHECK_EQUAL(outcome(job_kind::image_preview, pdf, sample("report.pdf")), "bad_request");
}

CAF_TEST_FIXTURE_SCOPE_END()
