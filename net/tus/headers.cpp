#include "net/tus/headers.hpp"

#include "base/ulid.hpp"
#include "net/fields/dates.hpp"
#include "net/fields/request.hpp"
#include "net/fields/structured.hpp"
#include "net/fields/trim.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace mediad::net::tus {

namespace {

constexpr std::string_view space = " ";

error malformed(std::string_view name, std::string_view rule) {
  return fail(errc::bad_request, "`" + std::string{name} + "` must be " + std::string{rule} + ".");
}

/// Base64 as structured fields have it, too.
result<std::string> decode(std::string_view text) {
  const bool is_one = text.find(':') == std::string_view::npos;
  const auto item = fields::parse_item(":" + std::string{text} + ":");
  if (is_one && item)
    if (const auto* bytes = std::get_if<fields::byte_sequence>(&*item))
      return bytes->value;
  return fail(errc::bad_request, "not Base64");
}

/// What comes before the separator, taken off the text.
std::string_view cut(std::string_view& text, std::string_view separator) {
  const auto at = text.find(separator);
  const auto head = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + separator.size());
  return head;
}

/// The id in `/v1/files/{id}`, also with a host or a base path before it.
result<std::string> id_of(std::string_view url) {
  auto to = fields::parse_target(url);
  const auto depth = to ? to->segments.size() : 0;
  const bool is_file = depth >= 3 && to->segments[depth - 3] == "v1"
                       && to->segments[depth - 2] == "files" && is_ulid(to->segments.back());
  if (!is_file)
    return malformed("Upload-Concat", "`final;` and URLs of uploads on this server");
  return std::move(to->segments.back());
}

} // namespace

result<std::uint64_t> parse_number(std::string_view name, std::string_view text) {
  std::uint64_t n = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, n);
  constexpr std::uint64_t max_number = std::numeric_limits<std::int64_t>::max();
  if (text.empty() || problem != std::errc{} || stop != end || n > max_number)
    return malformed(name, "a whole number, at most 2^63 - 1");
  return n;
}

result<upload_metadata> parse_metadata(std::string_view text) {
  constexpr std::string_view rule = "pairs of a key and a Base64 value, every key once";
  std::vector<std::string_view> keys;
  upload_metadata out;
  std::string name;
  unix_ms mtime = 0;
  if (text.ends_with(','))
    return malformed("Upload-Metadata", rule);
  while (!text.empty()) {
    auto value = fields::trim(cut(text, ","));
    const auto key = cut(value, space);
    auto decoded = decode(value);
    const bool is_new = std::find(keys.begin(), keys.end(), key) == keys.end();
    if (key.empty() || !is_new || !decoded)
      return malformed("Upload-Metadata", rule);
    keys.push_back(key);
    if (key == "filename")
      out.name = std::move(*decoded);
    else if (key == "folder")
      out.folder = std::move(*decoded);
    else if (key == "name")
      name = std::move(*decoded);
    else if (key == "lastModified")
      out.modified_at = fields::parse_file_date(*decoded).value_or(0);
    else if (key == "mtime")
      mtime = fields::parse_file_date(*decoded).value_or(0);
  }
  if (out.name.empty())
    out.name = std::move(name);
  if (out.modified_at == 0)
    out.modified_at = mtime;
  return out;
}

result<announced_checksum> parse_checksum(std::string_view text) {
  const auto name = cut(text, space);
  const auto how = parse_checksum_algorithm(name);
  if (!how)
    return malformed("Upload-Checksum",
                     "of one of the algorithms " + std::string{checksum_algorithm_names});
  auto digest = decode(text);
  if (!digest || digest->size() != digest_size(*how))
    return malformed("Upload-Checksum", "an algorithm and a Base64 digest of its size");
  return announced_checksum{*how, std::move(*digest)};
}

result<concatenation_request> parse_concat(std::string_view text, std::size_t max_parts) {
  constexpr std::string_view final_mark = "final;";
  concatenation_request out;
  if (text == "partial") {
    out.is_partial = true;
    return out;
  }
  if (!text.starts_with(final_mark))
    return malformed("Upload-Concat", "`partial`, or `final;` and URLs");
  text.remove_prefix(final_mark.size());
  while (!text.empty()) {
    const auto url = cut(text, space);
    if (url.empty())
      continue;
    auto id = id_of(url);
    if (!id)
      return fail(id.error());
    if (out.parts.size() == max_parts)
      return malformed("Upload-Concat", "of at most " + std::to_string(max_parts) + " parts");
    out.parts.push_back(std::move(*id));
  }
  if (out.parts.empty())
    return malformed("Upload-Concat", "`final;` and at least one URL");
  return out;
}

} // namespace mediad::net::tus
