#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mediad::tests {

/// A block of Exif, big-endian, that holds whatever a test wants in its three directories.
class exif_block {
public:
  struct entry {
    unsigned tag = 0;
    unsigned type = 0;
    std::size_t count = 0;
    std::string value;
  };
  using directory = std::vector<entry>;
  using fraction = std::pair<std::uint32_t, std::uint32_t>;

  directory main;
  directory photo;
  directory gps;

  static std::string number(std::uint64_t value, std::size_t bytes) {
    std::string text;
    for (auto i = bytes; i-- > 0;)
      text += static_cast<char>(value >> (8 * i) & 0xFFU);
    return text;
  }
  static entry text(unsigned tag, std::string_view words) {
    return {tag, 2, words.size() + 1, std::string{words} + '\0'};
  }
  static entry whole(unsigned tag, std::uint16_t value) {
    return {tag, 3, 1, number(value, 2)};
  }
  static entry fractions(unsigned tag, const std::vector<fraction>& values) {
    entry made{tag, 5, values.size(), {}};
    for (const auto& [over, under] : values)
      made.value += number(over, 4) + number(under, 4);
    return made;
  }

  /// The place, in whole degrees, minutes and seconds.
  void add_place(const std::vector<fraction>& latitude, char north,
                 const std::vector<fraction>& longitude, char east) {
    gps.push_back(text(1, {&north, 1}));
    gps.push_back(fractions(2, latitude));
    gps.push_back(text(3, {&east, 1}));
    gps.push_back(fractions(4, longitude));
  }

  std::string bytes() const {
    const auto first = header_bytes;
    const auto second = first + size_of(main) + 2 * entry_bytes;
    const auto third = second + size_of(photo);
    auto with_pointers = main;
    with_pointers.push_back({0x8769, 4, 1, number(photo.empty() ? 0 : second, 4)});
    with_pointers.push_back({0x8825, 4, 1, number(gps.empty() ? 0 : third, 4)});
    std::string values;
    const auto values_at = third + size_of(gps);
    using namespace std::string_literals;
    auto made = "MM\0*"s + number(first, 4);
    for (const auto* one : {&std::as_const(with_pointers), &photo, &gps}) {
      made += number(one->size(), 2);
      for (const auto& e : *one) {
        made += number(e.tag, 2) + number(e.type, 2) + number(e.count, 4);
        auto value = e.value;
        if (value.size() > 4) {
          values += value;
          value = number(values_at + values.size() - e.value.size(), 4);
        }
        value.resize(4);
        made += value;
      }
      made += number(0, 4);
    }
    return made + values;
  }

private:
  static constexpr std::size_t header_bytes = 8;
  static constexpr std::size_t entry_bytes = 12;

  static std::size_t size_of(const directory& d) {
    return 2 + d.size() * entry_bytes + 4;
  }
};

inline std::span<const std::uint8_t> as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace mediad::tests
