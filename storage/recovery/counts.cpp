#include "storage/recovery/counts.hpp"

#include "base/log.hpp"

#include <string>

namespace mediad::storage {

void log_counts(std::size_t files, const recovery_counts& counts) {
  std::size_t some = 0;
  auto text = std::to_string(files) + " files";
  const auto add = [&](const char* what, std::size_t count) {
    some += count;
    text.append("; ").append(what).append(": ").append(std::to_string(count));
  };
  add("uploads cut short", counts.cut_short);
  add("leftovers removed", counts.leftovers);
  add("folders renamed", counts.renamed);
  add("links removed", counts.links_removed);
  add("links made again", counts.links_made);
  add("stored files missing", counts.missing);
  if (counts.missing > 0)
    log::error("storage", text);
  else if (some > 0)
    log::warning("storage", text);
  else
    log::info("storage", text);
}

} // namespace mediad::storage
