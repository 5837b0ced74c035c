#include "base/share_json.hpp"

#include "base/types.hpp"

namespace mediad {

using nlohmann::ordered_json;

namespace {

ordered_json or_null(std::uint64_t n) {
  return n == 0 ? ordered_json{} : ordered_json(n);
}

} // namespace

ordered_json profiles_of(const share_row& share) {
  if (share.profiles == 0)
    return {};
  auto words = ordered_json::array();
  for (const auto p :
       {profile::image, profile::video, profile::audio, profile::document, profile::other})
    if (is_among(p, share.profiles))
      words.push_back(to_string(p));
  return words;
}

ordered_json public_json(const share_row& share) {
  ordered_json told{{"id", share.id}, {"name", share.name}, {"allow", to_string(share.allow)}};
  told["files"] = share.files;
  told["folder"] = nullptr;
  if (!share.folder.empty())
    told["folder"] = share.folder;
  told["originals"] = share.originals;
  told["has_password"] = !share.password.empty();
  told["created_at"] = to_rfc3339(share.created_at);
  told["expires_at"] = nullptr;
  if (share.expires_at != 0)
    told["expires_at"] = to_rfc3339(share.expires_at);
  told["limits"] = nullptr;
  if (share.allow == share_allow::upload)
    told["limits"] = {{"files", or_null(share.max_files)},
                      {"bytes", or_null(share.max_bytes)},
                      {"profiles", profiles_of(share)}};
  return told;
}

} // namespace mediad
