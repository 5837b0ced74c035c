#include "base/log.hpp"
#include "base/shallow_json.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

/// What owners say of their files.
namespace mediad::storage {
namespace {

/// Clean tags, each once, as it was written first.
result<std::vector<std::string>> clean_tags(const std::vector<std::string>& raw) {
  std::vector<std::string> clean;
  std::vector<std::string> folded;
  for (const auto& one : raw) {
    auto tag = clean_tag(one);
    if (tag.empty() || tag.size() > max_tag_bytes)
      return fail(errc::bad_request, "a tag that is empty or too long");
    auto key = folded_tag(tag);
    if (std::find(folded.begin(), folded.end(), key) != folded.end())
      continue;
    folded.push_back(std::move(key));
    clean.push_back(std::move(tag));
  }
  if (clean.size() > max_tags)
    return fail(errc::bad_request, "more than " + std::to_string(max_tags) + " tags");
  return clean;
}

bool says_the_same(const file_record& a, const file_record& b) {
  return a.name == b.name && a.folder == b.folder && a.link_name == b.link_name && a.tags == b.tags
         && a.favourite == b.favourite && a.description == b.description
         && a.metadata == b.metadata;
}

} // namespace

result<applied> changer::operator()(const file_change& wanted) {
  const auto before = find(wanted.id);
  if (!before)
    return fail(before.error());
  if (before->state == status::receiving)
    return fail(errc::conflict, "the file is still arriving");
  if (before->deleted_at != 0)
    return fail(errc::conflict, "the file is in the trash");
  if (wanted.if_revision && *wanted.if_revision != before->revision)
    return fail(errc::precondition_failed,
                "the file has revision " + std::to_string(before->revision));
  auto record = *before;
  if (auto ok = describe_anew(record, wanted); !ok)
    return fail(ok.error());
  if (record.name != before->name || record.folder != before->folder)
    if (auto ok = put_elsewhere(*before, record, wanted.refuses_taken_name); !ok)
      return fail(ok.error());
  if (says_the_same(*before, record))
    return applied{*before, std::nullopt, {}};
  ++record.revision;
  if (record.folder != before->folder || record.link_name != before->link_name)
    if (auto ok = rows_.put_moved(*before, record); !ok)
      return fail(ok.error());
  return announce(std::move(record), "file.updated");
}

/// Writes what is asked for into the record alone.
result<> changer::describe_anew(file_record& record, const file_change& wanted) const {
  if (wanted.name)
    record.name = clean_name(*wanted.name);
  if (wanted.favourite)
    record.favourite = *wanted.favourite;
  if (wanted.description) {
    if (wanted.description->size() > max_description_bytes)
      return fail(errc::bad_request, "a description that is too long");
    record.description = clean_text(*wanted.description, max_description_bytes);
  }
  if (wanted.metadata) {
    const bool is_small = wanted.metadata->size() <= max_metadata_bytes;
    if (!is_small || parse_shallow_object(*wanted.metadata).is_null())
      return fail(errc::bad_request, "metadata that is no small JSON object");
    record.metadata = *wanted.metadata;
  }
  if (wanted.tags) {
    auto tags = clean_tags(*wanted.tags);
    if (!tags)
      return fail(tags.error());
    record.tags = std::move(*tags);
  }
  if (!wanted.folder || *wanted.folder == record.folder)
    return {};
  record.folder = *wanted.folder;
  if (!record.folder.empty()) {
    const auto folder = rows_.find_folder(record.folder);
    if (!folder && folder.error().code != errc::not_found)
      return fail(folder.error());
    if (!folder || folder->user != record.user)
      return fail(errc::bad_request, "no folder of this user's");
  }
  return rows_.add_names(record);
}

/// Gives the file its names in the person's folders anew, and has those before removed: each name
/// is noted, so that a start after a crash finds both.
result<> changer::put_elsewhere(const file_record& before, file_record& record,
                                bool refuses_taken_name) {
  const auto wanted = numbered_name(record.name, 1);
  if (record.folder == before.folder && wanted == before.link_name)
    return {};
  if (auto ok = link_original(record); !ok)
    return ok;
  if (refuses_taken_name && record.link_name != wanted)
    return fail(errc::conflict, "the name " + wanted + " is taken");
  if (auto ok = show_made(record); !ok)
    return ok;
  hide_made(before);
  steps_.remove_later(original_link(before));
  return {};
}

/// Gives what was made of the file its names in the person's folders.
result<> changer::show_made(const file_record& record) {
  const auto made = made_places(record);
  if (!made)
    return fail(made.error());
  for (const auto& one : *made) {
    if (!one.shown)
      continue;
    auto done = show(one.stored, *one.shown);
    if (!done && done.error().code != errc::not_found)
      return done;
    if (!done) // An inspection has it made again.
      log::warning(record.id, done.error().detail);
  }
  return {};
}

} // namespace mediad::storage
