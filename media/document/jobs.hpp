#pragma once

#include "media/job/module.hpp"

#include <string_view>

namespace mediad::media {

/// Whether @p media_type is a document's: PDF, text, a table, or a format of LibreOffice.
bool is_document(std::string_view media_type);

// The three jobs of a document. job::media_type is one that is_document().

/// `preview.webp`: the first page. If that page is damaged, the first of the first five that can be
/// drawn. The facts in `media` are complete but for a document that LibreOffice converts, of which
/// only the first page is made.
/// @returns errc::corrupt_media if none of those pages can be drawn; errc::password_protected,
///   errc::too_large; what office::convert says of a document that LibreOffice converts.
result<job_result> document_preview(const job& work, const job_context& context);

/// `page-1.webp` …, at most document_options::pages; of a document that LibreOffice converts also
/// `document.pdf`, and of a workbook its sheets as CSV. A damaged page is left out.
/// @returns errc::corrupt_media if no page can be drawn; else as document_preview().
result<job_result> document_pages(const job& work, const job_context& context);

/// `text.txt`: the text of all pages; of an office document what office::text_of() finds in it, of
/// a workbook its sheets. If job::output_dir holds what an earlier document_pages() made of it,
/// LibreOffice converts only the older formats again.
/// @returns as document_preview().
result<job_result> document_text(const job& work, const job_context& context);

} // namespace mediad::media
