#include "storage/rules/changer.hpp"

#include <algorithm>

/// What users may do, and what they show to be who they are.
namespace mediad::storage {
namespace {

void forget_link(user_row& u) {
  u.link_digest.clear();
  u.link_expires_at = 0;
}

} // namespace

result<applied> changer::make_account(const new_user& wanted) {
  const auto taken = rows_.user_named(wanted.name);
  const auto first = rows_.wants_sign_in();
  const auto former = rows_.user_named(wanted.takes_over);
  if (!taken || !first || !former)
    return fail(!taken ? taken.error() : !first ? first.error() : former.error());
  const bool is_first = !*first;
  if (is_first && wanted.role != user_role::admin)
    return fail(errc::conflict, "the first who signs in must be an admin");
  const bool takes_over = is_first && !former->empty();
  if (!taken->empty() && !(takes_over && *taken == *former))
    return fail(errc::conflict, "the name " + wanted.name + " is taken");
  auto made =
    takes_over ? (*this)(user_rename{*former, wanted.name}) : (*this)(new_user{wanted.name});
  if (!made)
    return made;
  auto u = rows_.find_user(made->id);
  if (!u)
    return fail(u.error());
  u->display_name = wanted.display_name;
  u->role = wanted.role;
  u->quota = wanted.quota;
  u->password = wanted.password;
  u->password_at = now_;
  u->disabled_at = 0;
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return made;
}

/// @returns errc::conflict if no admin could sign in once a row is as @p changed.
result<> changer::check_admins_without(const user_row& changed) const {
  const auto is_admin = [](const user_row& u) {
    return u.role == user_role::admin && u.may_sign_in();
  };
  const auto all = rows_.users();
  if (!all)
    return fail(all.error());
  const bool had_some = std::any_of(all->begin(), all->end(), is_admin);
  const bool has_another = std::any_of(
    all->begin(), all->end(), [&](const user_row& u) { return u.id != changed.id && is_admin(u); });
  if (!had_some && !changed.password.empty() && !is_admin(changed))
    return fail(errc::conflict, "the first who signs in must be an admin");
  if (!had_some || has_another || is_admin(changed))
    return {};
  return fail(errc::conflict, changed.name + " is the only admin who can sign in");
}

result<> changer::end_sessions(const std::string& user, const std::string& but) {
  const auto all = rows_.credentials(user);
  if (!all)
    return fail(all.error());
  for (const auto& one : *all)
    if (one.kind == credential_kind::session && one.id != but)
      if (auto ok = rows_.erase_credential(one.id); !ok)
        return ok;
  return {};
}

result<applied> changer::operator()(const user_change& wanted) {
  auto u = find_staying(wanted.id);
  if (!u)
    return fail(u.error());
  const auto before = *u;
  u->display_name = wanted.display_name.value_or(u->display_name);
  u->role = wanted.role.value_or(u->role);
  u->quota = wanted.quota.value_or(u->quota);
  u->password = wanted.password.value_or(u->password);
  if (wanted.password)
    u->password_at = now_;
  if (wanted.disabled && *wanted.disabled != (u->disabled_at != 0))
    u->disabled_at = *wanted.disabled ? now_ : 0;
  if (auto ok = check_admins_without(*u); !ok)
    return fail(ok.error());
  if (u->role != before.role || u->password != before.password || u->disabled_at != 0) {
    forget_link(*u);
    if (auto ok = end_sessions(u->id, wanted.keeps); !ok)
      return fail(ok.error());
  }
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.id};
}

result<applied> changer::operator()(const new_sign_in_link& wanted) {
  auto u = find_staying(wanted.user);
  const auto signs_in = rows_.wants_sign_in();
  if (!u || !signs_in)
    return fail(u ? signs_in.error() : u.error());
  if (!*signs_in)
    return fail(errc::conflict, "nobody signs in here yet");
  if (u->disabled_at != 0)
    return fail(errc::conflict, u->name + " is disabled");
  u->link_digest = wanted.digest;
  u->link_expires_at = wanted.expires_at;
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.user};
}

result<applied> changer::operator()(const sign_in_link_use& wanted) {
  auto u = find_staying(wanted.user);
  if (!u)
    return fail(u.error());
  const bool counts = u->disabled_at == 0 && !u->link_digest.empty()
                      && u->link_digest == wanted.digest && now_ < u->link_expires_at;
  if (!counts)
    return fail(errc::not_found, "no such link");
  forget_link(*u);
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.user};
}

/// Ends the session that rested longest for one more: else who had signed in too often could not do
/// so any more, and then end none.
/// @returns errc::too_many for a token, and if there are tokens alone.
result<> changer::make_way(const std::vector<credential_row>& all, credential_kind wanted) {
  const credential_row* rested = nullptr;
  for (const auto& one : all)
    if (one.kind == credential_kind::session
        && (rested == nullptr || one.used_at < rested->used_at))
      rested = &one;
  if (wanted == credential_kind::session && rested != nullptr)
    return rows_.erase_credential(rested->id);
  return fail(errc::too_many,
              "the user has " + std::to_string(max_credentials) + " sessions and tokens");
}

result<applied> changer::operator()(const new_credential& wanted) {
  if (const auto owner = find_staying(wanted.row.user); !owner)
    return fail(owner.error());
  const auto all = rows_.credentials(wanted.row.user);
  if (!all)
    return fail(all.error());
  if (all->size() >= max_credentials)
    if (auto ok = make_way(*all, wanted.row.kind); !ok)
      return fail(ok.error());
  if (auto ok = rows_.put_credential(wanted.row); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.row.id};
}

result<applied> changer::operator()(const credential_removal& c) {
  const auto known = rows_.find_credential(c.id);
  if (!known || known->user != c.user)
    return known ? fail(errc::not_found, "no credential " + c.id) : fail(known.error());
  if (auto ok = rows_.erase_credential(c.id); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, c.id};
}

result<applied> changer::operator()(const credential_use& wanted) {
  auto known = rows_.find_credential(wanted.id);
  if (!known && known.error().code == errc::not_found)
    return applied{};
  if (!known)
    return fail(known.error());
  known->used_at = std::max(known->used_at, wanted.used_at);
  known->proved_at = std::max(known->proved_at, wanted.proved_at);
  if (wanted.expires_at != 0)
    known->expires_at = wanted.expires_at;
  if (auto ok = rows_.put_credential(*known); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.id};
}

result<applied> changer::operator()(const credential_sweep&) {
  const auto all = rows_.credentials({});
  if (!all)
    return fail(all.error());
  for (const auto& one : *all)
    if (one.expires_at != 0 && one.expires_at <= now_)
      if (auto ok = rows_.erase_credential(one.id); !ok)
        return fail(ok.error());
  return applied{};
}

} // namespace mediad::storage
