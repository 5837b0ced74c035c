#include "base/ulid.hpp"
#include "base/user_name.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/names.hpp"

#include <algorithm>

/// Users and their folders.
namespace mediad::storage {
namespace {

error bad_user_name() {
  return fail(errc::bad_request, "a user's name that is none");
}

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "/" + name;
}

} // namespace

result<applied> changer::operator()(const new_user& wanted) {
  if (wanted.is_account)
    return make_account(wanted);
  auto known = rows_.user_named(wanted.name);
  if (!known)
    return fail(known.error());
  if (!known->empty())
    return applied{{}, std::nullopt, std::move(*known)};
  if (!is_user_name(wanted.name))
    return fail(bad_user_name());
  user_row u;
  u.id = make_ulid(now_);
  u.name = wanted.name;
  u.created_at = now_;
  if (auto ok = rows_.put_user(u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, std::move(u.id)};
}

result<applied> changer::operator()(const user_rename& wanted) {
  auto u = find_staying(wanted.id);
  if (!u)
    return fail(u.error());
  if (!is_user_name(wanted.name))
    return fail(bad_user_name());
  if (u->name == wanted.name)
    return applied{{}, std::nullopt, wanted.id};
  const auto owner = rows_.user_named(wanted.name);
  if (!owner)
    return fail(owner.error());
  if (!owner->empty())
    return fail(errc::conflict, "the name " + wanted.name + " is taken");
  const auto number = rows_.count_rename();
  if (!number)
    return fail(number.error());
  if (auto ok = steps_.rename_folders(*number, {{{"users", u->name}, {"users", wanted.name}}}); !ok)
    return fail(ok.error());
  u->name = wanted.name;
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.id};
}

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

/// Whether @p f may have its name where it is.
result<> changer::check_folder_name(const folder_row& folder) const {
  if (!is_folder_name(folder.name))
    return fail(errc::bad_request, "a folder's name that is too long");
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
  f.name = clean_name(wanted.name);
  f.created_at = now_;
  auto done = check_room();
  if (done)
    done = check_folder_name(f);
  if (done)
    done = check_reach(f, *at, 0, 0);
  if (!done)
    return fail(done.error());
  for (const auto kind : user_folders) {
    const place where{user_folder(owner->name, kind, at->path), f.name};
    // Only what is no folder is in the way, and it is not ours.
    if (steps_.exists(where) && !context_.root.folder(where.path()))
      return fail(errc::conflict, where.path() + " is taken by a file");
    if (auto ok = in_folders(owner->name, at->path, [&] { return steps_.make(where); }); !ok)
      return fail(ok.error());
  }
  if (auto ok = rows_.put_folder(f); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, std::move(f.id)};
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
  f->name = clean_name(wanted.name);
  const auto to = below(at->path, f->name);
  if (from == to)
    return applied{{}, std::nullopt, wanted.id};
  auto done = check_folder_name(*f);
  if (done)
    done = check_reach(*f, *at, was->depth, from.size());
  if (done)
    done = move_folders(owner->name, from, to);
  if (done)
    done = rows_.put_folder(*f);
  if (!done)
    return fail(done.error());
  return applied{{}, std::nullopt, wanted.id};
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
  return steps_.rename_folders(*number, all);
}

} // namespace mediad::storage
