// A form means the same wherever the network has cut it, and is read with a buffer that never
// grows.

#include "net/fields/multipart.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace {

using mediad::net::fields::multipart_parser;

/// All that the parser says of @p body when it comes in pieces of this size.
std::string told(std::string_view body, std::size_t piece) {
  multipart_parser parser{"b", 8};
  std::string all;
  for (;;) {
    const auto token = parser.next();
    if (!token)
      return all + "!";
    switch (*token) {
    case multipart_parser::token::need_more: {
      const auto room = parser.room();
      if (room.empty())
        std::abort();
      const auto count = std::min({room.size(), body.size(), piece});
      if (count == 0) {
        parser.end();
        break;
      }
      std::memcpy(room.data(), body.data(), count);
      parser.commit(count);
      body.remove_prefix(count);
      break;
    }
    case multipart_parser::token::part:
      all += "<" + parser.head().name + "|" + parser.head().file_name.value_or("") + ">";
      break;
    case multipart_parser::token::bytes: all += parser.bytes(); break;
    case multipart_parser::token::part_end: all += "</>"; break;
    case multipart_parser::token::done: return all + ".";
    }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view body{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  const auto whole = told(body, body.size());
  // What was told before an error may be cut elsewhere, but it is no other error, nor none.
  const auto pieces = told(body, 1U + bytes[0]);
  if (whole.back() != pieces.back() || (whole.back() == '.' && whole != pieces))
    std::abort();
  return 0;
}
