#include "storage/tree/paths.hpp"

#include <algorithm>

namespace mediad::storage {
namespace {

std::string sharded(std::string_view kind, unsigned shard) {
  return "store/" + std::string{kind} + "/" + shard_name(shard);
}

std::string joined(std::string_view name, std::string_view suffix) {
  return std::string{name}.append(suffix);
}

unsigned crockford(char c) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  return static_cast<unsigned>(alphabet.find(c));
}

} // namespace

place place_of(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos)
    return {};
  return {std::string{path.substr(0, slash)}, std::string{path.substr(slash + 1)}};
}

std::string_view take_step(std::string_view& path) {
  const auto step = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), step.size() + 1));
  return step;
}

std::string shard_name(unsigned number) {
  constexpr std::string_view digits = "0123456789abcdef";
  return {digits[(number >> 4U) & 15U], digits[number & 15U]};
}

unsigned shard_of_id(std::string_view id) {
  return ((crockford(id[id.size() - 2]) & 7U) << 5U) | crockford(id.back());
}

place staging_place(std::string_view id) {
  return {staging_folder, std::string{id}};
}

place work_place(std::string_view id, std::uint32_t attempt) {
  return {work_folder, std::string{id} + "-" + std::to_string(attempt)};
}

place blob_place(std::string_view sha256) {
  return {"store/blobs/" + std::string{sha256.substr(0, 2)}, std::string{sha256}};
}

place preview_place(std::string_view id) {
  return {sharded("previews", shard_of_id(id)), joined(id, preview_suffix)};
}

place renditions_place(std::string_view id) {
  return {sharded("renditions", shard_of_id(id)), std::string{id}};
}

place archive_place(std::string_view id) {
  return {sharded("archives", shard_of_id(id)), joined(id, archive_suffix)};
}

std::string user_folder(std::string_view user, std::string_view kind, std::string_view path) {
  auto folder = "users/" + std::string{user} + "/" + std::string{kind};
  return path.empty() ? folder : folder.append("/").append(path);
}

bool has_names(const file_record& r) {
  return !r.link_name.empty();
}

place original_link(const file_record& r) {
  return {user_folder(r.user_name, "originals", r.folder_path), r.link_name};
}

place preview_link(const file_record& r) {
  return {user_folder(r.user_name, "previews", r.folder_path), joined(r.link_name, preview_suffix)};
}

place renditions_link(const file_record& r) {
  return {user_folder(r.user_name, "renditions", r.folder_path), r.link_name};
}

place archive_link(const file_record& r) {
  return {user_folder(r.user_name, "archives", r.folder_path), joined(r.link_name, archive_suffix)};
}

} // namespace mediad::storage
