#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mediad::media {

/// What a reader sees of a page of HTML or XHTML: its words, with a line for each block. Nothing
/// that the page points at is opened.
/// @param max_bytes of text; what follows is left out.
std::string text_of_markup(std::string_view markup, std::size_t max_bytes);

} // namespace mediad::media
