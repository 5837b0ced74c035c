// Stored values: any bytes are understood or refused; what is understood is written back the same,
// with the fields that this program does not know.

#include "storage/catalog/rows.hpp"
#include "storage/catalog/usage.hpp"

#include <cstdlib>

namespace {

using namespace mediad;
using namespace mediad::storage;

template <class Parse>
void check(std::string_view value, Parse parse) {
  const auto first = parse(value);
  if (!first)
    return;
  const auto written = encode(*first);
  const auto second = parse(written);
  if (!second || second->unknown != first->unknown || encode(*second) != written)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string_view value{reinterpret_cast<const char*>(bytes), size};
  check(value, [](auto v) { return parse_record("id", v); });
  check(value, [](auto v) { return parse_entry(v); });
  check(value, [](auto v) { return parse_blob(v); });
  check(value, [](auto v) { return parse_usage(v); });
  check(value, [](auto v) { return parse_upload("id", v); });
  check(value, [](auto v) { return parse_key_row(v); });
  check(value, [](auto v) { return parse_link(v); });
  check(value, [](auto v) { return parse_user("id", v); });
  check(value, [](auto v) { return parse_folder("id", v); });
  check(value, [](auto v) { return parse_grant(std::string(52, 'x'), v); });
  check(value, [](auto v) { return parse_counter(v); });
  static_cast<void>(parse_event(number_key(1), value));
  return 0;
}
