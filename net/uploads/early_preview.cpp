#include "net/uploads/early_preview.hpp"

#include "net/backend/backend.hpp"

#include <utility>

namespace mediad::net::uploads {

namespace {

constexpr std::uint64_t min_bytes = std::uint64_t{256} << 10U;
constexpr std::uint64_t max_bytes = std::uint64_t{256} << 20U;

} // namespace

bool may_have_early_preview(const services& shared, const upload_state& upload,
                            std::uint64_t length) {
  const bool is_fit = length == unknown_length || (length >= min_bytes && length <= max_bytes);
  // A part of a concatenation is no picture by itself, whatever its first bytes look like.
  return shared.deps.early_previews && is_fit && !upload.is_partial();
}

std::function<void(std::uint64_t, std::uint64_t)> tell_early_previews(services& shared,
                                                                      const upload_state& upload) {
  if (!may_have_early_preview(shared, upload, upload.length))
    return {};
  return [&shared, id = upload.id, user = upload.user](std::uint64_t from, std::uint64_t end) {
    if (end <= max_bytes)
      announce_growth(shared, growth{id, from, end, user});
  };
}

} // namespace mediad::net::uploads
