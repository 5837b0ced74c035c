#pragma once

#include "media/text/decoder.hpp"

#include <array>
#include <iconv.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::tests {

/// A language, two lines of it, and the charsets in which its files are met.
struct sentences {
  std::string_view language;
  std::string_view text;
  std::vector<std::string_view> charsets; ///< As iconv(3) names them, or else ICU.
};

inline const std::vector<sentences>& all_sentences() {
  static const std::vector<sentences> all{
    {"Russian",
     "Привет, мир! Это обычный текстовый файл, сохранённый в Блокноте.\nВторая строка: цена 100 "
     "рублей, скидка для покупателей.\n",
     {"CP1251", "KOI8-R", "CP866", "ISO-8859-5", "MAC-CYRILLIC"}},
    {"Ukrainian",
     "Привіт, світе! Це звичайний текстовий файл, збережений у Блокноті.\nДругий рядок: ціна сто "
     "гривень, знижка для покупців, її їжа.\n",
     {"CP1251", "KOI8-U"}},
    {"Bulgarian",
     "Здравей, свят! Това е обикновен текстов файл, записан в Бележник.\nВторият ред: цената е сто "
     "лева с отстъпка за редовни клиенти.\n",
     {"CP1251", "ISO-8859-5"}},
    {"Serbian",
     "Здраво свете! Ово је обична текстуална датотека сачувана у бележници.\nДруги ред: цена је "
     "сто динара, попуст за сталне купце.\n",
     {"CP1251", "CP855"}},
    {"Polish",
     "Zażółć gęślą jaźń. Proszę zapłacić 100 złotych.\nTo jest zwykły plik tekstowy zapisany w "
     "Notatniku, już źródło światła.\n",
     {"CP1250", "ISO-8859-2", "CP852"}},
    {"Czech",
     "Příliš žluťoučký kůň úpěl ďábelské ódy. Tohle je obyčejný textový soubor.\nDruhý řádek: cena "
     "je sto korun, sleva pro stálé zákazníky.\n",
     {"CP1250", "ISO-8859-2", "CP852"}},
    {"Slovak",
     "Kŕdeľ šťastných ďatľov učí pri ústí Váhu mĺkveho koňa obhrýzať kôru.\nDruhý riadok: cena je "
     "sto korún, zľava pre stálych zákazníkov.\n",
     {"CP1250", "ISO-8859-2"}},
    {"Hungarian",
     "Árvíztűrő tükörfúrógép. Ez egy egyszerű szövegfájl, a Jegyzettömbben mentve.\nA második sor: "
     "az ára száz forint, kedvezmény a vevőknek.\n",
     {"CP1250", "ISO-8859-2", "CP852"}},
    {"Romanian",
     "Bună ziua, lume! Acesta este un fişier text obişnuit, salvat în Notepad.\nPreţul este o sută "
     "de lei, reducere pentru clienţii obişnuiţi ai ţării.\n",
     {"CP1250", "ISO-8859-2"}},
    {"Romanian with commas",
     "Bună ziua, lume! Acesta este un fișier text obișnuit, „salvat în Notepad”.\nPrețul este o "
     "sută "
     "de lei, reducere pentru clienții obișnuiți ai țării.\n",
     {"ISO-8859-16"}},
    {"Vietnamese",
     "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.\nMọi con người "
     "đều được tạo hóa ban cho lý trí và lương tâm.\n",
     {"VISCII"}},
    {"Croatian",
     "Dobar dan, svijete! Ovo je obična tekstualna datoteka, šalje se čovjeku.\nCijena je sto "
     "kuna, popust za stalne kupce, žuti đak čeka ćuk.\n",
     {"CP1250", "ISO-8859-2"}},
    {"German",
     "Grüße aus München, Straße, Öl. Das ist eine gewöhnliche Textdatei.\nZweite Zeile: der Preis "
     "beträgt hundert Mark, für Stammkunden ermäßigt.\n",
     {"CP1252", "ISO-8859-15", "CP850", "CP437", "MACINTOSH"}},
    {"French",
     "Un café au lait, ça va très bien à l'été. Voilà un fichier texte ordinaire.\nDeuxième ligne "
     ": le prix est de cent francs, réduit pour les habitués.\n",
     {"CP1252", "ISO-8859-15", "CP850", "CP437", "MACINTOSH", "CP863"}},
    {"French of Quebec",
     "À tous les étudiants, voilà le règlement de l'élève, où ça compte.\nÊtre à l'heure, c'est la "
     "première règle. À bientôt à Québec, après les fêtes.\n",
     {"CP1252", "ISO-8859-15", "CP863", "MACINTOSH"}},
    {"Icelandic",
     "Allir menn eru bornir frjálsir og jafnir öðrum að virðingu, og þeir eiga rétt.\nÞeir eru "
     "gæddir vitsmunum og samvisku, og ber þeim að breyta bróðurlega.\n",
     {"CP1252", "ISO-8859-15", "CP850", "CP861"}},
    {"Welsh",
     "Mae'r tŷ yn y dŵr, a'r ŵyl yn yr hâf. Dyma ffeil testun gyffredin.\nAil linell: y pris yw "
     "cant o bunnoedd, a sŵn y cŵn wrth y tŷ.\n",
     {"ISO-8859-14"}},
    {"Spanish",
     "El niño comió jamón en la montaña. Este es un archivo de texto común.\nSegunda línea: "
     "¿cuánto cuesta? El año próximo será más caro, señor.\n",
     {"CP1252", "CP850"}},
    {"Portuguese",
     "Olá, não há razão para preocupação. Este é um ficheiro de texto simples.\nSegunda linha: o "
     "preço é cem reais, são promoções à coração.\n",
     {"CP1252", "CP850", "CP860"}},
    {"Italian",
     "Perché no? Il caffè è già qui, così può andare. La città è bella.\nSeconda riga: il prezzo è "
     "cento lire, più sconto, lunedì verrà.\n",
     {"CP1252", "CP850"}},
    {"Swedish",
     "Hej världen, på å är ö. Detta är en vanlig textfil från Göteborg.\nAndra raden: priset är "
     "hundra kronor, rabatt för återkommande köpare.\n",
     {"CP1252", "CP850"}},
    {"Danish",
     "Hej verden, rødgrød med fløde på åen. Dette er en almindelig tekstfil.\nAnden linje: prisen "
     "er hundrede kroner, rabat for trofaste købere.\n",
     {"CP1252", "CP865"}},
    {"Finnish",
     "Hyvää päivää, maailma! Tämä on tavallinen tekstitiedosto.\nToinen rivi: hinta on sata "
     "markkaa, alennus kanta-asiakkaille yöllä.\n",
     {"CP1252", "CP850"}},
    {"Greek",
     "Καλημέρα κόσμε. Αυτό είναι ένα απλό αρχείο κειμένου.\nΔεύτερη γραμμή: η τιμή είναι εκατό "
     "ευρώ, έκπτωση για πελάτες.\n",
     {"CP1253", "ISO-8859-7", "CP737", "CP869", "x-mac-greek"}},
    {"Turkish",
     "Merhaba dünya! Bu, Not Defteri'nde kaydedilmiş sıradan bir metin dosyasıdır.\nİkinci satır: "
     "fiyatı yüz lira, müşterilere indirim, ağaç şişe.\n",
     {"CP1254", "ISO-8859-9", "CP857", "x-mac-turkish"}},
    {"Hebrew",
     "שלום עולם. זהו קובץ טקסט פשוט.\nשורה שנייה: המחיר הוא מאה שקלים, הנחה ללקוחות.\n",
     {"CP1255", "ISO-8859-8", "CP862"}},
    {"Arabic",
     "مرحبا بالعالم. هذا ملف نصي بسيط.\nالسطر الثاني: السعر مائة دينار، خصم للزبائن.\n",
     {"CP1256", "ISO-8859-6"}},
    {"Arabic of DOS",
     "مرحبا بالعالم. هذا ملف نصي بسيط.\nالسطر الثاني: السعر مائة دينار.\n",
     {"IBM720"}},
    {"Arabic in the shapes of its letters",
     "ﻣﺭﺣﺑﺎ ﺑﺎﻟﻌﺎﻟﻡ ﻫﺫﺍ ﻣﻟﻑ ﻧﺻﻲ ﻗﺻﻳﺭ\nﺍﻟﺳﻌﺭ ﻣﺎﺋﺓ ﺩﻳﻧﺎﺭ\n",
     {"IBM864"}},
    {"Lithuanian",
     "Sveikas, pasauli! Tai yra paprastas tekstinis failas, įrašytas užrašinėje.\nAntra eilutė: "
     "kaina šimtas litų, nuolaida nuolatiniams pirkėjams.\n",
     {"CP1257", "ISO-8859-13", "CP775"}},
    {"Latvian",
     "Sveika, pasaule! Šis ir parasts teksta fails, saglabāts Piezīmjblokā.\nOtrā rinda: cena ir "
     "simts latu, atlaide pastāvīgajiem pircējiem.\n",
     {"CP1257", "ISO-8859-13"}},
    {"Estonian",
     "Tere, maailm! See on tavaline tekstifail, mis on salvestatud Märkmikus.\nTeine rida: hind on "
     "sada krooni, soodustus püsiklientidele, õhtul öö.\n",
     {"CP1257"}},
    {"Thai",
     "สวัสดีชาวโลก นี่คือไฟล์ข้อความธรรมดา\nบรรทัดที่สอง ราคาหนึ่งร้อยบาท ส่วนลดสำหรับลูกค้า\n",
     {"CP874", "TIS-620"}},
    {"Japanese",
     "これは日本語のテキストファイルです。メモ帳で保存しました。\n東京、大阪、京都。価格は百円です"
     "。\n",
     {"CP932", "EUC-JP", "ISO-2022-JP"}},
    {"Japanese in katakana of one byte",
     "ﾆﾎﾝｺﾞﾉ ﾃｷｽﾄ ﾃﾞｽ｡\nｼﾒｲ ﾔﾏﾀﾞ ﾀﾛｳ, ﾄｳｷｮｳﾄ ｼﾝｼﾞｭｸｸ, ﾃﾞﾝﾜ 03\n",
     {"CP932"}},
    {"Chinese",
     "这是一个普通的文本文件,用记事本保存。\n北京,上海,广州。价格是一百元,老顾客有折扣。\n",
     {"GB18030", "EUC-CN", "ISO-2022-CN"}},
    {"Taiwanese",
     "這是一個普通的文字檔案。台北,高雄。\n價格是一百元,老顧客有折扣。\n",
     {"BIG5", "BIG5-HKSCS"}},
    {"Korean",
     "이것은 일반 텍스트 파일입니다. 메모장에서 저장했습니다.\n서울, 부산, 대구. 가격은 백 "
     "원입니다.\n",
     {"EUC-KR", "CP949", "ISO-2022-KR"}},
  };
  return all;
}

/// The same by the 256 characters of a charset that iconv does not know, and ICU does.
inline std::string encoded_by_table(std::string_view text, const std::string& charset) {
  std::string made;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80)
      ++length;
    const auto letter = text.substr(0, length);
    text.remove_prefix(length);
    int byte = 0;
    while (byte < 256
           && media::to_utf8(media::decoded(std::string(1, static_cast<char>(byte)), charset))
                != letter)
      ++byte;
    if (byte == 256)
      throw std::runtime_error{"not in " + charset + ": " + std::string{letter}};
    made += static_cast<char>(byte);
  }
  return made;
}

/// @p text (UTF-8) in @p charset; throws if it has no such letters.
inline std::string encoded(std::string_view text, std::string_view charset) {
  auto* const converter = ::iconv_open(std::string{charset}.c_str(), "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) // NOLINT(performance-no-int-to-ptr): iconv's
    return encoded_by_table(text, std::string{charset});
  std::string from{text};
  std::array<char, 4096> out{};
  char* in = from.data();
  char* to = out.data();
  auto left = from.size();
  auto room = out.size();
  const bool failed = ::iconv(converter, &in, &left, &to, &room) == static_cast<std::size_t>(-1)
                      || ::iconv(converter, nullptr, nullptr, &to, &room) != 0;
  ::iconv_close(converter);
  if (failed)
    throw std::runtime_error{"not all in " + std::string{charset} + ": " + from};
  return {out.data(), to};
}

} // namespace mediad::tests
