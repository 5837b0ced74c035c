#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"

#include <string_view>

namespace mediad::media {

/// Writes `text.txt` into job::output_dir: the text of every page of @p pdf, UTF-8, a form feed
/// between pages, at most limits.max_text_bytes.
/// @returns a job_result with that file and `text_bytes`, and `text_truncated` if there was more;
///   else what pdf_document::open says.
result<job_result> write_text_of_pdf(const opened_file& pdf, const job_context& context);

/// The same for a file that is text: what text_reader makes of job_context::input.
result<job_result> write_text_of_file(const job_context& context);

/// The same for text that is at hand.
result<job_result> write_text(std::string_view text, const job_context& context);

/// Whether an earlier document_pages() has left the sheets of a workbook in job::output_dir.
bool has_sheets(const job_context& context);

/// The same for those sheets: a tab between cells, a form feed between sheets.
result<job_result> write_text_of_sheets(const job_context& context);

} // namespace mediad::media
