#include "base/ulid.hpp"
#include "base/user_name.hpp"
#include "storage/rules/changer.hpp"

/// Users and their names.
namespace mediad::storage {
namespace {

error bad_user_name() {
  return fail(errc::bad_request, "a user's name that is none");
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

} // namespace mediad::storage
