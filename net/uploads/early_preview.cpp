#include "net/uploads/early_preview.hpp"

#include <caf/send.hpp>

#include <utility>

namespace mediad::net {

namespace {

constexpr std::uint64_t least_bytes = std::uint64_t{256} << 10U;
constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20U;

} // namespace

bool may_have_early_preview(const services& shared, const upload_state& upload,
                            std::uint64_t length) {
  const bool is_fit = length == unknown_length || (length >= least_bytes && length <= most_bytes);
  // A part of a file is none, whatever it looks like.
  return shared.deps.early_previews && is_fit && !upload.is_partial();
}

std::function<void(std::uint64_t, std::uint64_t)> tell_early_previews(services& shared,
                                                                      const upload_state& upload) {
  if (!may_have_early_preview(shared, upload, upload.length))
    return {};
  return [to = shared.deps.early_previews, id = upload.id](std::uint64_t from, std::uint64_t end) {
    if (end <= most_bytes)
      caf::anon_send(to, growth{id, from, end});
  };
}

} // namespace mediad::net
