#include "storage/restore/former_ids.hpp"

#include "base/ulid.hpp"
#include "storage/tree/paths.hpp"

#include <algorithm>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>

namespace mediad::storage {
namespace {

std::optional<ino_t> inode_of(const folders& root, const place& where) {
  const auto fd = root.file(where, O_PATH);
  struct stat about {};
  if (!fd || ::fstat(fd->get(), &about) != 0 || !S_ISREG(about.st_mode))
    return std::nullopt;
  return about.st_ino;
}

std::string without(const std::string& name, std::string_view suffix) {
  return name.substr(0, name.size() - std::min(name.size(), suffix.size()));
}

/// One of the files in a folder of renditions; all have the same id.
std::optional<place> first_in(const folders& root, const std::string& folder) {
  const auto names = root.names(folder);
  if (!names || names->empty())
    return std::nullopt;
  return place{folder, names->front()};
}

} // namespace

result<former_ids> former_ids::read(const folders& root) {
  former_ids all{root};
  for (unsigned shard = 0; shard < shard_count; ++shard)
    if (auto ok = all.read_shard(shard); !ok)
      return fail(ok.error());
  const auto staged = root.names(staging_folder);
  if (!staged)
    return fail(staged.error());
  for (const auto& id : *staged)
    all.add(staging_place(id), id);
  std::sort(all.made_.begin(), all.made_.end(),
            [](const made& a, const made& b) { return a.inode < b.inode; });
  return all;
}

result<> former_ids::read_shard(unsigned shard) {
  const auto in = [shard](const char* kind) {
    return std::string{"store/"} + kind + "/" + shard_name(shard);
  };
  const auto previews = root_.names(in("previews"));
  const auto archives = root_.names(in("archives"));
  const auto renditions = root_.names(in("renditions"));
  if (!previews || !archives || !renditions)
    return fail(!previews ? previews.error() : !archives ? archives.error() : renditions.error());
  for (const auto& name : *previews)
    add({in("previews"), name}, without(name, preview_suffix));
  for (const auto& name : *archives)
    add({in("archives"), name}, without(name, archive_suffix));
  for (const auto& id : *renditions)
    if (const auto one = first_in(root_, in("renditions") + "/" + id))
      add(*one, id);
  return {};
}

void former_ids::add(const place& where, const std::string& id) {
  const auto inode = is_ulid(id) ? inode_of(root_, where) : std::nullopt;
  if (!inode)
    return;
  made one{*inode, {}};
  std::copy(id.begin(), id.end(), one.id.begin());
  made_.push_back(one);
}

std::string former_ids::id_of(const place& shown) const {
  const auto inode = inode_of(root_, shown);
  if (!inode)
    return {};
  const auto found =
    std::lower_bound(made_.begin(), made_.end(), *inode,
                     [](const made& one, ino_t wanted) { return one.inode < wanted; });
  if (found == made_.end() || found->inode != *inode)
    return {};
  return {found->id.begin(), found->id.end()};
}

std::string former_ids::find(const found_name& name) const {
  file_record r;
  r.user_name = name.user;
  r.folder_path = name.path;
  r.link_name = name.name;
  for (const auto& shown : {preview_link(r), archive_link(r)})
    if (auto id = id_of(shown); !id.empty())
      return id;
  if (const auto one = first_in(root_, renditions_link(r).path()))
    if (auto id = id_of(*one); !id.empty())
      return id;
  // It has only just arrived, and its name in staging is still there.
  return id_of(original_link(r));
}

} // namespace mediad::storage
