// A worker that was taken over may answer anything: it is refused, or it is what it says.

#include "media/job/json.hpp"

#include <cstdlib>

namespace {

template <class Decode>
void check(std::string_view packet, Decode decode) {
  const auto first = decode(packet);
  if (!first)
    return;
  // What was understood once is understood again, and alike.
  const auto text = mediad::media::encode(*first);
  const auto again = decode(text);
  if (!again || mediad::media::encode(*again) != text)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace mediad::media;
  const std::string_view packet{reinterpret_cast<const char*>(bytes), size};
  check(packet, decode_answer);
  check(packet, decode_job);
  check(packet, decode_settings);
  check(packet, decode_report);
  return 0;
}
