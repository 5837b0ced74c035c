// What a file is must be said of any bytes: no crash, no endless loop, no error.

#include "media/identify/identify.hpp"

#include "tests/fuzz/memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  if (!mediad::media::identify(memory_file(bytes, size)))
    std::abort();
  return 0;
}
