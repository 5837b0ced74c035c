#include "media/text/decoder.hpp"

#include "media/text/single_bytes.hpp"

#include <array>
#include <new>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

namespace mediad::media {
namespace {

constexpr UChar replacement = 0xFFFD;

// ICU's own substitution writes U+001A for some single bytes, which a text may hold, too.
void replace(const void* /*context*/, UConverterToUnicodeArgs* arguments, const char* /*bytes*/,
             int32_t /*length*/, UConverterCallbackReason reason, UErrorCode* failed) {
  if (reason > UCNV_IRREGULAR)
    return; // no error but the end of the converter
  *failed = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, failed);
}

} // namespace

void charset_decoder::close::operator()(UConverter* converter) const noexcept {
  ucnv_close(converter);
}

charset_decoder::charset_decoder(const std::string& charset) : table_{single_byte_table(charset)} {
  if (!table_.empty())
    return;
  UErrorCode failed = U_ZERO_ERROR;
  converter_.reset(ucnv_open(charset.c_str(), &failed));
  if (U_FAILURE(failed)) {
    failed = U_ZERO_ERROR;
    converter_.reset(ucnv_open("windows-1252", &failed));
  }
  if (U_FAILURE(failed))
    throw std::bad_alloc{}; // its tables are a part of ICU
  ucnv_setToUCallBack(converter_.get(), replace, nullptr, nullptr, nullptr, &failed);
}

void charset_decoder::convert(std::string_view bytes, bool is_last, std::u16string& out) {
  std::array<UChar, 4096> block{};
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  for (;;) {
    UErrorCode failed = U_ZERO_ERROR;
    UChar* to = block.data();
    ucnv_toUnicode(converter_.get(), &to, block.data() + block.size(), &from, end, nullptr,
                   is_last ? 1 : 0, &failed);
    out.append(block.data(), to);
    if (failed == U_BUFFER_OVERFLOW_ERROR)
      continue;
    if (U_SUCCESS(failed) || from == end)
      return;
    out += replacement; // an error that the callback is not asked about
    ucnv_resetToUnicode(converter_.get());
  }
}

void charset_decoder::add(std::string_view bytes, std::u16string& out) {
  if (table_.empty())
    return convert(bytes, false, out);
  for (const char byte : bytes)
    out += table_[static_cast<unsigned char>(byte)];
}

void charset_decoder::finish(std::u16string& out) {
  if (table_.empty())
    convert({}, true, out);
}

bool can_decode(const std::string& charset) {
  if (!single_byte_table(charset).empty())
    return true;
  UErrorCode failed = U_ZERO_ERROR;
  ucnv_close(ucnv_open(charset.c_str(), &failed));
  return U_SUCCESS(failed) != 0;
}

std::u16string decoded(std::string_view bytes, const std::string& charset) {
  charset_decoder decoder{charset};
  std::u16string text;
  text.reserve(bytes.size());
  decoder.add(bytes, text);
  decoder.finish(text);
  return text;
}

std::string to_utf8(std::u16string_view text) {
  std::string made;
  made.reserve(text.size());
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < length;) {
    UChar32 code_point = 0;
    U16_NEXT_OR_FFFD(text.data(), at, length, code_point);
    std::array<uint8_t, U8_MAX_LENGTH> bytes{};
    int32_t used = 0;
    U8_APPEND_UNSAFE(bytes.data(), used, code_point);
    made.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(used));
  }
  return made;
}

} // namespace mediad::media
