#include "base/ulid.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/names.hpp"

#include <algorithm>

/// Users who leave, and what becomes of their files.
namespace mediad::storage {

/// @returns errc::not_found if there is no such user, or not for long any more.
result<user_row> changer::find_staying(const std::string& id) const {
  auto u = rows_.find_user(id);
  if (u && u->leaving_since != 0)
    return fail(errc::not_found, "the user " + u->name + " is being removed");
  return u;
}

result<applied> changer::operator()(const user_removal& wanted) {
  auto u = rows_.find_user(wanted.id);
  const auto has_accounts = rows_.wants_sign_in();
  if (!u || !has_accounts)
    return fail(u ? has_accounts.error() : u.error());
  if (!*has_accounts)
    return fail(errc::conflict, "nobody signs in here: all belongs to one user, who stays");
  if (u->leaving_since != 0)
    return wanted.heir.empty()
             ? result<applied>{applied{{}, std::nullopt, wanted.id}}
             : fail(errc::conflict, "the files of " + u->name + " are being deleted");
  u->disabled_at = u->disabled_at != 0 ? u->disabled_at : now_;
  u->password.clear();
  if (auto ok = check_admins_without(*u); !ok)
    return fail(ok.error());
  if (!wanted.heir.empty())
    return hand_over(*u, wanted.heir);
  const auto shown = rows_.credentials(u->id);
  if (!shown)
    return fail(shown.error());
  for (const auto& one : *shown)
    if (auto ok = rows_.erase_credential(one.id); !ok)
      return fail(ok.error());
  u->leaving_since = now_;
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.id};
}

result<applied> changer::operator()(const user_clearance& wanted) {
  const auto all = rows_.users();
  if (!all)
    return fail(all.error());
  applied done;
  const auto leaver =
    std::find_if(all->begin(), all->end(), [](const user_row& u) { return u.leaving_since != 0; });
  if (leaver == all->end())
    return done;
  done.id = leaver->id;
  if (auto ok = clear(*leaver, wanted.at_most, done); !ok)
    return fail(ok.error());
  return done;
}

/// Files first, some at a time. What else people keep in the user's folder goes at the end, with
/// the folder: it is the user's.
result<> changer::clear(const user_row& leaver, std::size_t at_most, applied& done) {
  const auto files = rows_.files_of(leaver.id, at_most);
  if (!files)
    return fail(files.error());
  for (const auto& id : *files) {
    const auto r = find(id);
    if (!r)
      return fail(r.error());
    if (auto ok = take_away(*r); !ok)
      return ok;
  }
  done.removed = files->size();
  if (!files->empty())
    return {};
  const auto number = rows_.count_rename();
  if (!number)
    return fail(number.error());
  const place trash{"system/trash", make_ulid(now_)};
  auto moved = steps_.rename_folders(*number, {{{"users", leaver.name}, trash}});
  if (!moved)
    return moved;
  steps_.remove_later(trash);
  done.removed = 1;
  return rows_.forget_user(leaver);
}

/// A folder of the heir's with the leaver's name, or the next one that is free.
result<folder_row> changer::choose_folder(const user_row& leaver, const user_row& heir) const {
  constexpr std::size_t enough = 10'000;
  folder_row f;
  f.id = make_ulid(now_);
  f.user = heir.id;
  f.created_at = now_;
  for (std::size_t n = 1; n <= enough; ++n) {
    f.name = numbered_name(leaver.name, n);
    const auto owner = rows_.find_link(heir.id, {}, f.name);
    if (!owner)
      return fail(owner.error());
    const bool is_there =
      std::any_of(user_folders.begin(), user_folders.end(), [&](std::string_view kind) {
        return steps_.exists({user_folder(heir.name, kind), f.name});
      });
    if (!*owner && !is_there)
      return f;
  }
  return fail(errc::conflict, "no free name for the folder of " + leaver.name);
}

result<> changer::check_depth(const user_row& leaver, const folder_row& into) const {
  const auto inside = rows_.measure(leaver.id, max_folder_depth);
  if (!inside)
    return fail(inside.error());
  if (1 + inside->levels <= max_folder_depth
      && into.name.size() + inside->path_bytes <= max_folder_path_bytes)
    return {};
  return fail(errc::conflict, "folders of " + leaver.name + " would be more than "
                                + std::to_string(max_folder_depth) + " levels deep");
}

/// The folders on disk follow by one renaming for each of the four, with all that is in them.
result<applied> changer::hand_over(const user_row& leaver, const std::string& to) {
  const auto heir = find_staying(to);
  if (!heir)
    return fail(heir.error());
  if (heir->id == leaver.id)
    return fail(errc::conflict, "nobody inherits from themselves");
  const auto into = choose_folder(leaver, *heir);
  if (!into)
    return fail(into.error());
  if (auto ok = check_depth(leaver, *into); !ok)
    return fail(ok.error());
  const auto number = rows_.count_rename();
  if (!number)
    return fail(number.error());
  std::vector<file_steps::folder_rename> all;
  for (const auto kind : user_folders)
    all.push_back(
      {{"users/" + leaver.name, std::string{kind}}, {user_folder(heir->name, kind), into->name}});
  auto done = create_user_folders(context_.root, leaver.name);
  if (done)
    done = create_user_folders(context_.root, heir->name);
  if (done)
    done = steps_.rename_folders(*number, all);
  if (!done)
    return fail(done.error());
  const auto given = rows_.give_away(leaver, *heir, *into);
  if (!given)
    return fail(given.error());
  if (done = rows_.forget_user(leaver); !done)
    return fail(done.error());
  steps_.remove_if_empty_later({"users", leaver.name});
  auto told =
    (*this)(notice{heir->id, "All files of " + leaver.name
                               + " are yours now. They are in your folder " + into->name + "."});
  if (told) {
    told->id = leaver.id;
    told->removed = *given;
  }
  return told;
}

} // namespace mediad::storage
