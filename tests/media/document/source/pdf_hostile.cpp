#define CAF_SUITE media_document_source_pdf_hostile

#include "tests/media/support/document_files.hpp"
#include "tests/media/worker/worker_link.hpp"

#include <chrono>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using namespace mediad::media;
using namespace mediad::tests;

namespace {

constexpr auto pdf = "application/pdf";

std::string stream(const std::string& dictionary, const std::string& bytes) {
  return "<<" + dictionary + "/Length " + std::to_string(bytes.size()) + ">>stream\n" + bytes
         + "\nendstream";
}

struct hostile_fixture : document_fixture {
  // A PDF of these objects, numbered from 1, of which the first is the catalog.
  std::filesystem::path write_pdf(const std::vector<std::string>& objects) const {
    std::string all = "%PDF-1.4\n";
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      places.push_back(all.size());
      all += std::to_string(i + 1) + " 0 obj" + objects[i] + "endobj\n";
    }
    const auto table = all.size();
    all += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (const auto at : places) {
      auto digits = std::to_string(at);
      all += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
    }
    all += "trailer<</Root 1 0 R/Size " + std::to_string(objects.size() + 1) + ">>\nstartxref\n"
           + std::to_string(table) + "\n%%EOF\n";
    return write("made.pdf", all);
  }

  // Each form draws the next ten times: 10^depth times one large circle.
  std::filesystem::path write_bomb(std::size_t depth) const {
    std::vector<std::string> objects{
      "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R/Resources<</XObject<</X 5 0 "
      "R>>>>>>",
      stream("", "/X Do")};
    for (std::size_t i = 0; i < depth; ++i) {
      std::string draws;
      for (int n = 0; n < 10; ++n)
        draws += "/X Do ";
      objects.push_back(
        stream("/Type/XObject/Subtype/Form/BBox[0 0 600 600]/Resources<</XObject<</X "
                 + std::to_string(6 + i) + " 0 R>>>>",
               draws));
    }
    objects.push_back(stream("/Type/XObject/Subtype/Form/BBox[0 0 600 600]",
                             "0 300 m 0 700 600 700 600 300 c 600 -100 0 -100 0 300 c f"));
    return write_pdf(objects);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pdf_hostile_tests, hostile_fixture)

CAF_TEST(an outline is a list with levels) {
  const auto file = write_pdf(
    {"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
     "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>", "<</First 5 0 R/Last 7 0 R>>",
     "<</Title(Dawn)/Parent 4 0 R/Next 7 0 R/First 6 0 R/Last 6 0 R>>",
     "<</Title(Ships)/Parent 5 0 R>>", "<</Title(Dusk)/Parent 4 0 R/Prev 5 0 R>>"});
  CAF_CHECK_EQUAL(
    facts(job_kind::document_preview, pdf, file).at("outline").dump(),
    R"([{"level":1,"title":"Dawn"},{"level":2,"title":"Ships"},{"level":1,"title":"Dusk"}])");
}

CAF_TEST(an outline that goes round in circles ends) {
  const auto file = write_pdf(
    {"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
     "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>", "<</First 5 0 R/Last 5 0 R>>",
     "<</Title(Round)/Parent 4 0 R/Next 5 0 R/First 5 0 R>>"});
  const auto found = facts(job_kind::document_preview, pdf, file);
  CAF_CHECK(!found.contains("outline") || found.at("outline").size() <= 100);
}

CAF_TEST(of a damaged document the pages that can be had are made) {
  const auto file =
    write_pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 0 0]/CropBox[7 7 7 7]>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>"});
  CAF_CHECK_EQUAL(outcome(job_kind::document_preview, pdf, file), "ok");
  const auto pages = run(job_kind::document_pages, pdf, file).value();
  CAF_CHECK(!pages.files.empty());
}

CAF_TEST(a page that would take for ever is too large after its time) {
  options.limits.max_page_s = 1;
  const process worker{{"--kind", "document"}};
  send_packet(worker.socket(), encode(options)).value();
  static_cast<void>(receive_packet(worker.socket()).value());
  for (int i = 0; i < 2; ++i) { // and the next job is done as if nothing had been
    job work;
    work.kind = job_kind::document_preview;
    work.output_dir = output();
    work.media_type = pdf;
    work.parameters = options;
    const auto start = std::chrono::steady_clock::now();
    const auto answers = hand_over(worker.socket(), work, write_bomb(9));
    const auto answer = final_answer(answers.get(), [](double) {});
    const auto* failed = std::get_if<error>(&answer);
    CAF_REQUIRE(failed != nullptr);
    CAF_CHECK_EQUAL(to_string(failed->code), std::string{"too_large"});
    CAF_CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
