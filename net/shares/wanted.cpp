#include "net/shares/wanted.hpp"

#include "base/ulid.hpp"
#include "net/http/json_body.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mediad::net::shares {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 8> members{"allow",      "files",    "folder",    "name",
                                                  "expires_at", "password", "originals", "limits"};

error wrong(std::string sentence) {
  return fail(errc::bad_request, std::move(sentence));
}

/// A misspelt member would share more than was meant.
result<> check_members(const json& body) {
  for (const auto& [name, value] : body.items())
    if (std::find(members.begin(), members.end(), name) == members.end())
      return wrong("There is no member `" + name.substr(0, max_share_name) + "` here.");
  return {};
}

result<std::vector<std::string>> files_of(const json& body) {
  std::vector<std::string> files;
  const auto found = body.find("files");
  if (found == body.end())
    return files;
  const auto rule = wrong("`files` must be a list of ids.");
  if (!found->is_array())
    return rule;
  for (const auto& one : *found) {
    if (!one.is_string() || !is_ulid(one.get_ref<const std::string&>()))
      return rule;
    const auto& id = one.get_ref<const std::string&>();
    if (std::find(files.begin(), files.end(), id) == files.end())
      files.push_back(id);
  }
  return files;
}

/// A number from 1; null, or none: 0.
result<std::uint64_t> number_of(const json& limits, const char* member) {
  const auto found = limits.find(member);
  if (found == limits.end() || found->is_null())
    return std::uint64_t{0};
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() == 0)
    return wrong("`limits` has a `" + std::string{member}
                 + "` that is no number from 1, nor null.");
  return found->get<std::uint64_t>();
}

result<std::uint64_t> profiles_of(const json& limits) {
  const auto found = limits.find("profiles");
  if (found == limits.end() || found->is_null())
    return std::uint64_t{0};
  const auto rule =
    wrong("`limits` has `profiles` that are no list of some of: image, video, audio, "
          "document, other.");
  if (!found->is_array() || found->empty())
    return rule;
  std::uint64_t bits = 0;
  for (const auto& word : *found) {
    const auto one =
      word.is_string() ? parse_profile(word.get_ref<const std::string&>()) : std::nullopt;
    if (!one)
      return rule;
    bits |= std::uint64_t{1} << static_cast<unsigned>(*one);
  }
  return bits;
}

result<sending_limits> limits_of(const json& body) {
  const auto& given = body["limits"];
  if (given.is_null())
    return sending_limits{};
  if (!given.is_object())
    return wrong("`limits` must be an object with `files`, `bytes` and `profiles`.");
  for (const auto& [name, value] : given.items())
    if (name != "files" && name != "bytes" && name != "profiles")
      return wrong("`limits` has `files`, `bytes` and `profiles` alone.");
  const auto files = number_of(given, "files");
  const auto bytes = number_of(given, "bytes");
  const auto profiles = profiles_of(given);
  if (!files || !bytes || !profiles)
    return fail(!files ? files.error() : !bytes ? bytes.error() : profiles.error());
  return sending_limits{*files, *bytes, *profiles};
}

result<> read_texts(const json& body, wanted_share& wanted) {
  for (const auto& [member, target] :
       {std::pair{"name", &wanted.name}, std::pair{"password", &wanted.password}}) {
    if (!body.contains(member))
      continue;
    const auto text = text_of(body, member);
    if (!text)
      return fail(text.error());
    *target = *text;
  }
  if (wanted.name && wanted.name->size() > max_share_name)
    return wrong("`name` has at most 100 bytes.");
  return {};
}

} // namespace

result<wanted_share> read_share(const json& body) {
  wanted_share wanted;
  if (auto ok = check_members(body); !ok)
    return fail(ok.error());
  if (const auto allow = body.find("allow"); allow != body.end()) {
    wanted.allow =
      allow->is_string() ? parse_share_allow(allow->get_ref<const std::string&>()) : std::nullopt;
    if (!wanted.allow)
      return wrong("`allow` must be `view`, `download` or `upload`.");
  }
  auto files = files_of(body);
  if (!files)
    return fail(files.error());
  wanted.files = std::move(*files);
  const auto folder = body.find("folder");
  wanted.names_folder = folder != body.end() && !folder->is_null() && *folder != "";
  if (auto ok = read_texts(body, wanted); !ok)
    return fail(ok.error());
  if (body.contains("expires_at")) {
    const auto end = end_of(body);
    if (!end)
      return fail(end.error());
    wanted.expires_at = *end;
  }
  if (const auto originals = body.find("originals"); originals != body.end()) {
    if (!originals->is_boolean())
      return wrong("`originals` must be true or false.");
    wanted.originals = originals->get<bool>();
  }
  if (body.contains("limits")) {
    const auto limits = limits_of(body);
    if (!limits)
      return fail(limits.error());
    wanted.limits = *limits;
  }
  return wanted;
}

} // namespace mediad::net::shares
