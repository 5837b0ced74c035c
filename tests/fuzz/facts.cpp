// Any bytes as metadata: what is told is in its range, small, and JSON.

#include "media/facts/container_facts.hpp"
#include "media/facts/picture_facts.hpp"

#include <cstdlib>
#include <span>
#include <string>

namespace {

using namespace mediad::media;

void must(bool holds) {
  if (!holds)
    std::abort();
}

void look_at(const file_facts& found) {
  constexpr std::size_t max_bytes = 8192;
  must(checked(found) == found);
  facts told;
  add_file_facts(told, found, {});
  must(told.text().size() < max_bytes);
}

} // namespace

// The first byte chooses the reader.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const std::span<const std::uint8_t> rest{bytes + 1, size - 1};
  const std::string_view text{reinterpret_cast<const char*>(rest.data()), rest.size()};
  switch (bytes[0] % 3) {
  case 0: look_at(exif_facts(rest)); break;
  case 1: look_at(xmp_facts(text)); break;
  default: look_at(container_facts([&](const char*) { return std::string{text}; })); break;
  }
  return 0;
}
