#include "base/ulid.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/names.hpp"

#include <algorithm>

/// The folders of users.
namespace mediad::storage {
namespace {

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "/" + name;
}

} // namespace

/// Where a folder in @p parent stands.
/// @param moved  id of a folder that must not be above; empty: none.
/// @returns errc::not_found if @p parent is not the user's, conflict if it is within @p moved.
result<changer::position> changer::position_in(const std::string& user, const std::string& parent,
                                               std::string_view moved) const {
  position at{1, {}};
  for (auto next = parent; !next.empty(); ++at.depth) {
    auto row = rows_.find_folder(next);
    if (!row)
      return fail(row.error());
    if (row->user != user)
      return fail(errc::not_found, "the folder " + parent + " is another user's");
    if (next == moved)
      return fail(errc::conflict, "a folder cannot move into itself");
    if (at.depth > max_folder_depth)
      return fail(errc::internal, "the folders above " + parent + " are damaged");
    at.path = at.path.empty() ? std::move(row->name) : row->name.append("/").append(at.path);
    next = std::move(row->parent);
  }
  return at;
}

/// Whether @p folder may have its name where it is.
result<> changer::check_folder_name(const folder_row& folder) const {
  const auto owner = rows_.find_link(folder.user, folder.parent, folder.name);
  if (!owner)
    return fail(owner.error());
  if (*owner && (*owner)->id != folder.id)
    return fail(errc::conflict, "the name " + folder.name + " is taken");
  // What is made of a file has such a name, in a folder where this one would be, too.
  for (const auto suffix : {preview_suffix, archive_suffix}) {
    const std::string_view name{folder.name};
    if (name.size() <= suffix.size() || name.substr(name.size() - suffix.size()) != suffix)
      continue;
    const auto file =
      rows_.find_link(folder.user, folder.parent, name.substr(0, name.size() - suffix.size()));
    if (!file)
      return fail(file.error());
    if (*file && !(*file)->is_folder)
      return fail(errc::conflict, "what is made of a file has the name " + folder.name);
  }
  return {};
}

/// Gives @p folder the name that the client wants, or if that may be another one the next that is
/// free.
/// @param path  of the folder that it is in.
result<> changer::name_folder(folder_row& folder, const std::string& user_name,
                              const std::string& path, const std::string& wanted,
                              bool may_differ) const {
  constexpr std::size_t enough = 10'000;
  if (const auto* why = find_name_fault(wanted); why != nullptr && !may_differ)
    return fail(errc::bad_request, why);
  const auto clean = clean_name(wanted);
  folder.name = clean;
  if (!may_differ)
    return is_folder_name(clean) ? check_folder_name(folder)
                                 : fail(errc::bad_request, long_name_fault);
  const auto is_there = [&](std::string_view kind) {
    return steps_.exists({user_folder(user_name, kind, path), folder.name});
  };
  for (std::size_t n = 1; n <= enough; ++n) {
    folder.name = numbered_name(clean, n);
    const auto free = check_folder_name(folder);
    if (free && std::none_of(user_folders.begin(), user_folders.end(), is_there))
      return {};
    if (!free && free.error().code != errc::conflict)
      return free;
  }
  return fail(errc::conflict, "there are too many folders with the name " + clean);
}

/// Whether @p f and what is below it is not too deep at @p at.
/// @param had_depth, had_bytes  of where it was, and of its path there: less deep is always fine.
result<> changer::check_reach(const folder_row& folder, const position& at, std::size_t had_depth,
                              std::size_t had_bytes) const {
  const auto bytes = below(at.path, folder.name).size();
  if (at.depth <= had_depth && bytes <= had_bytes)
    return {};
  subtree inside;
  if (had_depth > 0) {
    const auto measured = rows_.measure(folder.id, max_folder_depth);
    if (!measured)
      return fail(measured.error());
    inside = *measured;
  }
  if (at.depth + inside.levels <= max_folder_depth
      && bytes + inside.path_bytes <= max_folder_path_bytes)
    return {};
  return fail(errc::too_large, "folders would be more than " + std::to_string(max_folder_depth)
                                 + " levels deep, or a path longer than "
                                 + std::to_string(max_folder_path_bytes) + " bytes");
}

/// What is told of a folder, to whom it is told now.
result<event> changer::event_about(folder_row folder, std::string_view type) const {
  const auto last = rows_.last_seq();
  if (!last)
    return fail(last.error());
  event told;
  told.seq = *last + 1;
  told.type = type;
  told.user = folder.user;
  told.file_id = folder.id;
  told.at = now_;
  told.folder = std::move(folder);
  if (auto ok = rows_.add_audience(told); !ok)
    return fail(ok.error());
  return told;
}

/// Notes in the history what has happened to a folder.
result<applied> changer::announce_folder(event announced) {
  if (auto ok = rows_.put_event(announced, {}); !ok)
    return fail(ok.error());
  auto id = announced.file_id;
  return applied{{}, std::move(announced), std::move(id)};
}

result<applied> changer::operator()(const new_folder& wanted) {
  const auto owner = find_staying(wanted.user);
  if (!owner)
    return fail(owner.error());
  const auto at = position_in(wanted.user, wanted.parent, {});
  if (!at)
    return fail(at.error());
  folder_row f;
  f.id = make_ulid(now_);
  f.user = wanted.user;
  f.parent = wanted.parent;
  f.created_at = now_;
  auto done = check_room();
  if (done)
    done = name_folder(f, owner->name, at->path, wanted.name, wanted.may_differ);
  if (done)
    done = check_reach(f, *at, 0, 0);
  if (!done)
    return fail(done.error());
  for (const auto kind : user_folders) {
    const place where{user_folder(owner->name, kind, at->path), f.name};
    // Only what is no folder is in the way, and it is not ours.
    if (steps_.exists(where) && !context_.root.folder(where.path()))
      return fail(errc::conflict, "a file that somebody else has put there has the name " + f.name);
    if (auto ok = in_folders(owner->name, at->path, [&] { return steps_.make(where); }); !ok)
      return fail(ok.error());
  }
  if (auto ok = rows_.put_folder(f); !ok)
    return fail(ok.error());
  auto told = event_about(std::move(f), "folder.created");
  return told ? announce_folder(*std::move(told)) : fail(told.error());
}

result<applied> changer::operator()(const folder_move& wanted) {
  auto f = rows_.find_folder(wanted.id);
  if (!f)
    return fail(f.error());
  const auto owner = rows_.find_user(f->user);
  if (!owner)
    return fail(owner.error());
  const auto was = position_in(f->user, f->parent, {});
  const auto at = position_in(f->user, wanted.parent, f->id);
  if (!was || !at)
    return fail(was ? at.error() : was.error());
  const auto from = below(was->path, f->name);
  f->parent = wanted.parent;
  auto done = name_folder(*f, owner->name, at->path, wanted.name, false);
  const auto to = below(at->path, f->name);
  if (done && from == to)
    return applied{{}, std::nullopt, wanted.id};
  if (done)
    done = check_reach(*f, *at, was->depth, from.size());
  if (done)
    done = move_folders(owner->name, from, to);
  if (done)
    done = rows_.put_folder(*f);
  if (!done)
    return fail(done.error());
  auto told = event_about(*std::move(f), "folder.updated");
  return told ? announce_folder(*std::move(told)) : fail(told.error());
}

result<applied> changer::operator()(const folder_grants& wanted) {
  auto f = rows_.find_folder(wanted.folder);
  if (!f)
    return fail(f.error());
  if (wanted.grants.size() > max_grants)
    return fail(errc::too_many, "more than " + std::to_string(max_grants) + " grants in a folder");
  std::vector<grant_row> all;
  for (const auto& one : wanted.grants) {
    const auto user = find_staying(one.user);
    if (!user)
      return fail(user.error());
    if (one.user == f->user || one.right == folder_right::own)
      return fail(errc::bad_request, "nobody is granted the own folder, nor to own one");
    grant_row row;
    row.user = one.user;
    row.right = one.right;
    row.created_at = now_;
    all.push_back(std::move(row));
  }
  if (auto ok = rows_.put_grants(f->id, all); !ok)
    return fail(ok.error());
  auto told = event_about(*std::move(f), "folder.updated");
  return told ? announce_folder(*std::move(told)) : fail(told.error());
}

/// On disk what people have put into the folder stays, with the folder.
result<applied> changer::operator()(const folder_removal& wanted) {
  auto f = rows_.find_folder(wanted.id);
  if (!f)
    return fail(f.error());
  const auto owner = rows_.find_user(f->user);
  const auto at = position_in(f->user, f->parent, {});
  const auto has_names = rows_.has_links(f->user, f->id);
  if (!owner || !at || !has_names)
    return fail(!owner ? owner.error() : !at ? at.error() : has_names.error());
  if (*has_names)
    return fail(errc::conflict, "the folder " + f->name + " is not empty");
  for (const auto kind : user_folders)
    steps_.remove_if_empty_later({user_folder(owner->name, kind, at->path), f->name});
  // Those who could see it hear that it is gone.
  auto told = event_about(*f, "folder.removed");
  if (!told)
    return fail(told.error());
  if (auto ok = rows_.erase_folder(*f); !ok)
    return fail(ok.error());
  return announce_folder(*std::move(told));
}

/// The four folders at @p from below the user's become those at @p to.
result<> changer::move_folders(const std::string& user_name, const std::string& from,
                               const std::string& to) {
  const auto number = rows_.count_rename();
  if (!number)
    return fail(number.error());
  const auto slash = to.rfind('/');
  const auto parent = slash == std::string::npos ? std::string{} : to.substr(0, slash);
  if (auto ok = create_user_folders(context_.root, user_name, parent); !ok)
    return ok;
  std::vector<file_steps::folder_rename> all;
  for (const auto kind : user_folders) {
    const auto in = [&](const std::string& path) {
      const auto whole = user_folder(user_name, kind, path);
      const auto last = whole.rfind('/');
      return place{whole.substr(0, last), whole.substr(last + 1)};
    };
    all.push_back({in(from), in(to)});
  }
  auto done = steps_.rename_folders(*number, all);
  // What is in the way is none of ours: its path is nobody's business.
  if (!done && done.error().code == errc::conflict)
    return fail(errc::conflict, "something that somebody else has put there has that name");
  return done;
}

} // namespace mediad::storage
