#pragma once

#include "media/document/source/page_source.hpp"
#include "media/document/text/pages.hpp"
#include "media/job/module.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

/// How the three jobs of a document come to its pages.
namespace mediad::media {

/// Whether @p media_type is text that is drawn as it is: plain text, or a table.
bool is_text(std::string_view media_type);

/// Opens what can be drawn of @p work.
/// @param file job_context::input, or the PDF that was made of it.
/// @param how  for text; a PDF is opened as a whole.
/// @returns what open_text(), open_table(), open_book() or pdf_document::open() returns.
result<std::unique_ptr<page_source>> open_pages(const opened_file& file, const job& work,
                                                const job_context& context, text_extent how);

/// Converts the office document of @p work to @p pdf, up to @p last_page.
/// @returns errc::unsupported_media if it is none; what office::check_file() and office::convert()
///   return.
result<> convert_to_pdf(const std::filesystem::path& pdf, const job& work,
                        const job_context& context, std::uint32_t last_page);

/// Converts all of it, if an earlier job of this attempt has not done so already.
/// @returns as convert_to_pdf().
result<> make_document_pdf(const std::filesystem::path& pdf, const job& work,
                           const job_context& context);

/// Whether drawing failed because that page is damaged, so that another may do.
bool is_damage(const result<picture>& drawn);

} // namespace mediad::media
