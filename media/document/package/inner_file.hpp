#pragma once

#include "base/error.hpp"
#include "base/folder.hpp"

#include <string_view>

namespace mediad::media {

/// A file of these @p bytes, for readers that take a file. It has no name any more in @p folder,
/// and is gone when it is closed.
result<unique_fd> inner_file(std::string_view bytes, const opened_folder& folder);

} // namespace mediad::media
