#include "media/encode/preview.hpp"

#include "media/document/jobs.hpp"
#include "media/document/office/convert.hpp"
#include "media/document/office/properties.hpp"
#include "media/document/office/scratch_directory.hpp"
#include "media/document/package/own_picture.hpp"
#include "media/document/source/pdf.hpp"
#include "media/document/sources.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fcntl.h>

namespace mediad::media {
namespace {

// How many pages a preview tries before it gives a damaged document up.
constexpr std::uint32_t max_damaged_pages = 5;

// How far a preview reads on, just to count the pages of a text.
constexpr std::uint64_t preview_text_bytes = 2U << 20U;

result<job_result> finish_preview(page_source& source, const job_context& context, bool all_pages) {
  const auto box = context.options.preview.box;
  auto drawn = source.draw(0, box);
  // If the document is damaged, the preview shows the first page that can be drawn.
  const auto tried = std::min(source.drawable_pages(), max_damaged_pages);
  for (std::uint32_t i = 1; i < tried && is_damage(drawn); ++i)
    drawn = source.draw(i, box);
  if (!drawn)
    return fail(drawn.error());
  auto made = write_preview(*drawn, context);
  if (made && all_pages)
    made->media = source.facts().dump();
  return made;
}

result<job_result> preview_of_office_file(const job& work, const job_context& context) {
  const auto scratch = office::scratch_directory::make(work.output_dir);
  if (!scratch)
    return fail(scratch.error());
  const auto pdf = scratch->path() / "first.pdf";
  if (auto converted = convert_to_pdf(pdf, work, context, 1); !converted)
    return fail(converted.error());
  const auto made = open_file(pdf, O_RDONLY | O_NOFOLLOW);
  if (!made)
    return fail(made.error());
  const auto opened = pdf_document::open(opened_file{made->get()}, context.options.limits);
  if (!opened)
    return fail(opened.error());
  auto done = finish_preview(**opened, context, false);
  if (!done)
    return done;
  facts found;
  add_file_facts(found, office::properties_of(context.input, context.options.limits),
                 context.options.facts);
  done->media = std::move(found).text();
  return done;
}

} // namespace

result<job_result> document_preview(const job& work, const job_context& context) {
  if (has_own_picture(work.media_type))
    if (const auto shown = own_picture(work.media_type, context, context.options.preview.box))
      return write_preview(*shown, context);
  if (office::find_format(work.media_type) != nullptr)
    return preview_of_office_file(work, context);
  auto source =
    open_pages(context.input, work, context, {.kept_pages = 1, .max_bytes = preview_text_bytes});
  if (!source)
    return fail(source.error());
  return finish_preview(**source, context, true);
}

} // namespace mediad::media
