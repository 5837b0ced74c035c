#include "net/access/signed_url.hpp"

#include "net/access/credentials.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mediad::net {

namespace {

using parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view purpose = "mediad url 1"; ///< Keeps tickets and addresses apart.
constexpr std::string_view method_class = "GET";     ///< GET and HEAD.
constexpr std::string_view renditions = "renditions/";
constexpr std::size_t signature_size = 43;
constexpr unix_ms ms_per_second = 1'000;

/// What is signed of an address, as views of the arguments.
/// @param query  without the key's id, which the keys sign themselves, and the signature.
std::vector<std::string_view> parts_of(const file_part& part, std::string_view digest,
                                       const parameters& query) {
  std::vector<std::string_view> parts{purpose, method_class, part.file, part.of, digest};
  for (const auto& [name, value] : query) {
    parts.emplace_back(name);
    parts.emplace_back(value);
  }
  return parts;
}

std::string text_of(const fields::target& to, std::string_view name) {
  return std::string{to.parameter(name).value_or("")};
}

/// The end that the address names; 0: none, or no time.
unix_ms end_of(const fields::target& to) {
  const auto text = to.parameter("expires").value_or("");
  unix_ms seconds = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, seconds);
  constexpr unix_ms far = 1'000'000'000'000;
  return stop == end && problem == std::errc{} && seconds < far ? seconds * ms_per_second : 0;
}

/// Letters of RFC 3986 that need no escape, or escapes.
std::string escaped(std::string_view segment) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr unsigned low = 15;
  std::string out;
  for (const auto c : segment) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                          || c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
    if (is_plain)
      out += c;
    else
      (out += '%').append({digits[byte >> 4U], digits[byte & low]});
  }
  return out;
}

} // namespace

std::optional<file_part> part_of_path(const std::vector<std::string>& segments) {
  const bool is_of_file =
    segments.size() >= 4 && segments.size() <= 5 && segments[0] == "v1" && segments[1] == "files";
  if (!is_of_file)
    return std::nullopt;
  const auto& what = segments[3];
  if (segments.size() == 5 && what == "renditions")
    return file_part{segments[2], std::string{renditions} + segments[4]};
  if (segments.size() == 4 && (what == "content" || what == "preview" || what == "archive"))
    return file_part{segments[2], what};
  return std::nullopt;
}

std::string digest_of(const file_record& file, std::string_view of) {
  if (of == "content")
    return file.state == status::receiving ? std::string{} : file.sha256;
  if (of == "preview")
    return file.preview.file.sha256;
  if (of == "archive")
    return file.archive.sha256;
  if (!of.starts_with(renditions))
    return {};
  const auto name = of.substr(renditions.size());
  const auto made = std::find_if(file.renditions.begin(), file.renditions.end(),
                                 [name](const made_file& one) { return one.name == name; });
  return made == file.renditions.end() ? std::string{} : made->sha256;
}

std::string sign_url(const signing_keys& keys, const file_record& file, std::string_view of,
                     const caller& maker, unix_ms until) {
  parameters query{{"expires", std::to_string(until / ms_per_second)}, {"user", maker.user}};
  if (maker.by == known_by::token)
    query.emplace_back("token", maker.credential);
  const file_part part{file.id, std::string{of}};
  const auto digest = digest_of(file, of);
  const auto signature = keys.sign(parts_of(part, digest, query));
  auto url = "/v1/files/" + file.id + '/' + escaped(of);
  char mark = '?';
  for (const auto& [name, value] : query)
    (url += std::exchange(mark, '&')).append(name).append("=").append(value);
  return url + "&key=" + signature.key + '&' + std::string{signature_parameter} + '='
         + signature.text;
}

result<caller> caller_of_url(const storage::view& stored, const signing_keys& keys,
                             const fields::target& to) {
  const auto refused = fail(errc::unauthenticated, "a signed address counts no more");
  const signing_keys::signature shown{text_of(to, "key"), text_of(to, signature_parameter)};
  const auto part = part_of_path(to.segments);
  if (!part || shown.text.size() != signature_size || end_of(to) <= now_ms())
    return refused;
  const auto file = stored.find(part->file);
  if (!file && file.error().code != errc::not_found)
    return fail(file.error());
  const auto digest = file ? digest_of(*file, part->of) : std::string{};
  auto query = to.query;
  const auto take_out = [&query](std::string_view name) {
    return std::erase_if(query, [name](const auto& one) { return one.first == name; });
  };
  // Both stand there once, or something that is not signed could be added.
  if (take_out("key") != 1 || take_out(signature_parameter) != 1)
    return refused;
  if (!keys.verify(shown, parts_of(*part, digest, query)) || digest.empty())
    return refused;
  caller who{text_of(to, "user"), rights{right::read}, known_by::signature};
  who.maker = text_of(to, "token");
  if (auto ok = check_maker(stored, who); !ok)
    return fail(ok.error());
  return who;
}

} // namespace mediad::net
