#include "storage/recovery/counts.hpp"

#include "base/log.hpp"

#include <string>

namespace mediad::storage {

void log_counts(const recovery_counts& counts) {
  std::size_t some = 0;
  std::string text = "as the last server left it";
  const auto add = [&](const char* what, std::size_t count) {
    some += count;
    text.append("; ").append(what).append(": ").append(std::to_string(count));
  };
  add("uploads cut short", counts.cut_short);
  add("leftovers removed", counts.leftovers);
  add("folders renamed", counts.renamed);
  add("names removed", counts.names_removed);
  add("names made again", counts.names_made);
  if (some > 0)
    log::warning("storage", text);
  else
    log::info("storage", text);
}

} // namespace mediad::storage
