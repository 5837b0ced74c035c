#pragma once

#include "base/upload.hpp"
#include "net/backend/services.hpp"

#include <cstdint>
#include <functional>
#include <string>

/// Starts a preview while the upload is still running. Only the worker decides whether the format
/// allows it; this side never inspects bytes.
namespace mediad::net::uploads {

/// Whether a body of @p length bytes (or unknown_length) is large enough for that to gain anything,
/// and small enough for a picture.
bool may_have_early_preview(const services& shared, const upload_state& upload,
                            std::uint64_t length);

/// A callback for staging_file::plan::grown; empty if @p upload may not have an early preview.
/// @param shared  outlives the callback.
std::function<void(std::uint64_t from, std::uint64_t to)>
tell_early_previews(services& shared, const upload_state& upload);

} // namespace mediad::net::uploads
