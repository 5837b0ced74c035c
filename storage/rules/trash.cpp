#include "storage/rules/changer.hpp"

#include <utility>

/// What was deleted and may come back.
namespace mediad::storage {
namespace {

constexpr unix_ms day = 86'400'000;

} // namespace

result<applied> changer::operator()(const trashing& wanted) {
  const auto before = find(wanted.id);
  if (!before)
    return fail(before.error());
  if (before->state == status::receiving)
    return fail(errc::conflict, "the file is still arriving");
  if (before->deleted_at != 0)
    return applied{*before, std::nullopt, {}};
  auto record = *before;
  if (!is_terminal(record.state)) {
    // Whoever still works on it finds that it has ended.
    remove_work(record);
    record.state = status::cancelled;
    record.now_at = stage::none;
  }
  // A client that sends it again means a new file, as after a removal.
  if (!record.request_key.empty())
    if (auto ok = rows_.release_key(record.user, record.request_key, record.id); !ok)
      return fail(ok.error());
  record.request_key.clear();
  hide_made(record);
  steps_.remove_later(original_link(record));
  record.link_name.clear();
  record.deleted_at = now_;
  ++record.revision;
  if (auto ok = rows_.put_moved(*before, record); !ok)
    return fail(ok.error());
  return announce(std::move(record), "file.trashed");
}

result<applied> changer::operator()(const restoration& wanted) {
  const auto before = find(wanted.id);
  if (!before)
    return fail(before.error());
  if (before->deleted_at == 0)
    return applied{*before, std::nullopt, {}};
  auto record = *before;
  record.deleted_at = 0;
  ++record.revision;
  if (!record.folder.empty()) {
    const auto folder = rows_.find_folder(record.folder);
    if (!folder && folder.error().code != errc::not_found)
      return fail(folder.error());
    if (!folder || folder->user != record.user)
      record.folder.clear();
  }
  if (auto ok = rows_.add_names(record); !ok)
    return fail(ok.error());
  if (auto ok = link_original(record); !ok)
    return fail(ok.error());
  if (auto ok = show_made(record); !ok)
    return fail(ok.error());
  if (auto ok = rows_.put_moved(*before, record); !ok)
    return fail(ok.error());
  return announce(std::move(record), "file.restored");
}

result<applied> changer::operator()(const trash_clearance& wanted) {
  const auto too_old = now_ - day * unix_ms{context_.limits.trash_days};
  const auto ids = wanted.user.empty() ? rows_.trashed(too_old, wanted.at_most)
                                       : rows_.trash_of(wanted.user, wanted.at_most);
  if (!ids)
    return fail(ids.error());
  applied done;
  for (const auto& id : *ids) {
    auto gone = (*this)(removal{id});
    // A release without lists may have removed it.
    if (!gone && gone.error().code == errc::not_found)
      continue;
    if (!gone)
      return fail(gone.error());
    if (gone->event)
      done.others.push_back(std::move(*gone->event));
    ++done.removed;
  }
  return done;
}

} // namespace mediad::storage
