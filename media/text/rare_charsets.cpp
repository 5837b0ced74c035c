#include "media/text/rare_charsets.hpp"

#include "media/text/decoder.hpp"

#include <algorithm>
#include <array>

namespace mediad::media {
namespace {

/// A charset, those that its texts are taken for, and parts of words that it makes and they do not.
struct rare_charset {
  std::string_view name;
  std::array<std::string_view, 3> common;
  std::array<std::u16string_view, 8> words;
};

constexpr std::array charsets{
  // Portuguese. Elsewhere they are "çäo", "çöes" and "näo".
  rare_charset{"IBM860", {"IBM850", "IBM437", "IBM852"}, {u"ção", u"ções", u"não"}},
  // In Icelandic thorn begins words. Elsewhere it has a grave accent, which ends them.
  rare_charset{"IBM861",
               {"IBM850", "IBM437", "IBM852"},
               {u" þa", u" þe", u" þv", u" þó", u"Þa", u"Þe", u"Þó", u"Þj"}},
  // French of Canada. Elsewhere they are "Ä" alone and "Ætre".
  rare_charset{"IBM863", {"IBM850", "IBM437", "IBM852"}, {u" À ", u"\nÀ ", u" Être", u"\nÊtre"}},
  // Welsh. Elsewhere they have thorns at their end and eths at their beginning or after d, s, c.
  rare_charset{"ISO-8859-14",
               {"windows-1252", "ISO-8859-15"},
               {u"ŷ ", u"ŷ.", u"ŷ,", u" ŵy", u"dŵr", u"sŵn", u"cŵn", u"gŵr"}},
  // Icelandic, which the detector takes for Turkish ("ağ", "viğ", "óğ") or Baltic ("viš", "öš").
  rare_charset{"windows-1252",
               {"windows-1254"},
               {u" að ", u" við ", u"óð", u"íð", u"úð", u"rð", u" þæ", u" þó"}},
  rare_charset{"windows-1252", {"windows-1257"}, {u" við ", u"öð", u"óð", u"íð", u"úð"}},
  // Romanian quotes. In the code page of Windows, with which it shares its letters, a capital that
  // begins no word.
  rare_charset{"ISO-8859-16", {"windows-1250"}, {u" „", u"\n„"}},
};

bool has_word(const rare_charset& rare, const std::u16string& text) {
  return std::any_of(rare.words.begin(), rare.words.end(), [&](std::u16string_view word) {
    return !word.empty() && text.find(word) != std::u16string::npos;
  });
}

} // namespace

std::string by_words(const std::string& common, std::string_view part) {
  for (const auto& rare : charsets)
    if (std::find(rare.common.begin(), rare.common.end(), common) != rare.common.end()
        && has_word(rare, u'\n' + decoded(part, std::string{rare.name})))
      return std::string{rare.name};
  return common;
}

} // namespace mediad::media
