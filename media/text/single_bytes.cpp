#include "media/text/single_bytes.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

using namespace std::string_view_literals;

struct upper_half {
  std::string_view charset;
  unsigned first; ///< The byte of the first letter; those from 0x80 to it are C1 controls.
  std::u16string_view letters;
};

constexpr std::array tables{
  upper_half{"ISO-8859-16"sv, 0xA0,
             u"\u00A0ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏ"
             u"ĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ"sv},
  upper_half{"VISCII"sv, 0x80,
             u"ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệố"
             u"ồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
             u"àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"sv},
};

// VISCII puts six capital letters where ASCII has controls that texts do not use (RFC 1456, 2).
struct low_letter {
  unsigned byte;
  char16_t letter;
};
constexpr std::array low_letters{
  low_letter{0x02, u'Ẳ'}, low_letter{0x05, u'Ẵ'}, low_letter{0x06, u'Ẫ'},
  low_letter{0x14, u'Ỷ'}, low_letter{0x19, u'Ỹ'}, low_letter{0x1E, u'Ỵ'},
};

} // namespace

std::u16string single_byte_table(std::string_view charset) {
  const auto* const half =
    std::find_if(tables.begin(), tables.end(), [&](const auto& t) { return t.charset == charset; });
  if (half == tables.end())
    return {};
  std::u16string table;
  for (unsigned byte = 0; byte < half->first; ++byte)
    table += static_cast<char16_t>(byte);
  table += half->letters;
  if (charset == "VISCII")
    for (const auto& low : low_letters)
      table[low.byte] = low.letter;
  return table;
}

} // namespace mediad::media
