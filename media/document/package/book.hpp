#pragma once

#include "media/document/source/page_source.hpp"
#include "media/document/text/pages.hpp"
#include "media/job/module.hpp"

#include <memory>
#include <string_view>

namespace mediad::media {

inline constexpr std::string_view book_type = "application/epub+zip";

/// The text of the book in job_context::input, as a file without a name (see inner_file()).
/// @returns what read_epub() returns.
result<unique_fd> open_book_text(const job_context& context);

/// The same as pages, which know the book's title and author.
result<std::unique_ptr<page_source>> open_book(const job_context& context, text_extent how);

} // namespace mediad::media
