#include "storage/tree/names.hpp"

#include "base/sha256.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace mediad::storage {
namespace {

constexpr std::size_t max_name_bytes = 255;
constexpr std::size_t max_link_bytes = 240;
constexpr std::size_t max_media_type_bytes = 127;
constexpr std::size_t max_extension_bytes = 16;
// Enough for any name that is not an attack; bounds what normalisation has to chew.
constexpr std::size_t max_raw_bytes = 4096;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_control(utf8proc_int32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

// Line separators, byte order mark, and the marks that reorder text: `gpj.exe` shown as `exe.jpg`.
bool is_deceptive(utf8proc_int32_t c) {
  return c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)
         || c == 0xFEFF;
}

template <class Keep>
std::string filter(std::string_view raw, Keep keep) {
  std::string clean;
  clean.reserve(raw.size());
  while (!raw.empty()) {
    utf8proc_int32_t c = 0;
    const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(raw.data()),
                                       static_cast<utf8proc_ssize_t>(raw.size()), &c);
    const auto bytes = used > 0 ? static_cast<std::size_t>(used) : 1;
    if (used <= 0)
      clean += replacement;
    else if (keep(c))
      clean += raw.substr(0, bytes);
    raw.remove_prefix(bytes);
  }
  return clean;
}

/// @p text in NFC, and with what else @p options ask of utf8proc.
std::string mapped(const std::string& text, unsigned options) {
  struct release {
    void operator()(utf8proc_uint8_t* p) const noexcept {
      // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): its malloc.
      std::free(p);
    }
  };
  utf8proc_uint8_t* made = nullptr;
  const auto flags = static_cast<utf8proc_option_t>(UTF8PROC_NULLTERM | UTF8PROC_STABLE
                                                    | UTF8PROC_COMPOSE | options);
  const auto bytes =
    utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str()), 0, &made, flags);
  const std::unique_ptr<utf8proc_uint8_t, release> owned{made};
  return bytes >= 0 ? std::string{reinterpret_cast<const char*>(made)} : text;
}

std::string_view cut_to(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes)
    return text;
  // Never within a character: continuation bytes are 10xxxxxx.
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
    --bytes;
  return text.substr(0, bytes);
}

// Where the extension begins, or the end if there is none worth the name.
std::size_t stem_bytes(std::string_view name) {
  const auto dot = name.rfind('.');
  const bool usable =
    dot != std::string_view::npos && dot > 0 && name.size() - dot <= max_extension_bytes;
  return usable ? dot : name.size();
}

std::string fit(std::string_view name, std::string_view infix, std::size_t max_bytes) {
  const auto stem = name.substr(0, stem_bytes(name));
  const auto extension = name.substr(stem.size());
  std::string text{cut_to(stem, max_bytes - infix.size() - extension.size())};
  return text.append(infix).append(extension);
}

template <class Predicate>
bool all(std::string_view text, Predicate is) {
  return std::all_of(text.begin(), text.end(), is);
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

} // namespace

std::string clean_name(std::string_view raw) {
  const auto shown = filter(raw.substr(0, max_raw_bytes), [](utf8proc_int32_t c) {
    return c != '/' && !is_control(c) && !is_deceptive(c);
  });
  auto name = fit(mapped(shown, 0), "", max_name_bytes);
  if (name.empty() || name == "." || name == "..")
    return "unnamed";
  return name;
}

std::string clean_text(std::string_view raw, std::size_t max_bytes) {
  const auto valid = filter(raw.substr(0, max_bytes), [](utf8proc_int32_t) { return true; });
  return std::string{cut_to(valid, max_bytes)};
}

std::string clean_tag(std::string_view raw) {
  const auto shown = filter(raw.substr(0, max_raw_bytes),
                            [](utf8proc_int32_t c) { return !is_control(c) && !is_deceptive(c); });
  const auto tag = mapped(shown, 0);
  const auto first = tag.find_first_not_of(' ');
  if (first == std::string::npos)
    return {};
  return tag.substr(first, tag.find_last_not_of(' ') - first + 1);
}

std::string numbered_name(std::string_view name, std::size_t n) {
  return fit(name, n == 1 ? "" : " (" + std::to_string(n) + ")", max_link_bytes);
}

bool is_made_name(std::string_view name) {
  return !name.empty() && name.size() <= max_name_bytes && name.front() != '.'
         && all(name,
                [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string folded_name(std::string_view name) {
  constexpr std::size_t max_bytes = 300;
  auto folded = mapped(std::string{name}, UTF8PROC_CASEFOLD);
  if (folded.size() <= max_bytes)
    return folded;
  sha256 hash;
  hash.update(folded);
  const auto digest = std::move(hash).hex();
  return std::string{cut_to(folded, max_bytes - digest.size())}.append(digest);
}

const char* find_name_fault(std::string_view raw) {
  if (raw.empty())
    return "a name is not empty";
  if (raw == "." || raw == "..")
    return "a name is neither `.` nor `..`";
  if (raw.size() > max_name_bytes)
    return "a name has at most 255 bytes";
  bool is_fine = true;
  const auto shown = filter(raw, [&is_fine](utf8proc_int32_t c) {
    is_fine = is_fine && c != '/' && !is_control(c) && !is_deceptive(c);
    return true;
  });
  if (shown != raw)
    return "a name is UTF-8";
  return is_fine ? nullptr
                 : "a name has neither `/` nor control characters, nor such as turn text around";
}

bool is_folder_name(std::string_view name) {
  return name.size() <= max_link_bytes && clean_name(name) == name;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64
         && all(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_media_type(std::string_view text) {
  const auto slash = text.find('/');
  return text.size() <= max_media_type_bytes && slash != std::string_view::npos && slash > 0
         && slash + 1 < text.size() && all(text, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace mediad::storage
