#include "storage/rules/changer.hpp"

#include <algorithm>

/// What users show beside the password.
namespace mediad::storage {

result<applied> changer::operator()(const second_factor_change& wanted) {
  auto u = find_staying(wanted.user);
  if (!u)
    return fail(u.error());
  const bool begins = !wanted.secret.empty();
  if (begins && u->has_second_factor())
    return fail(errc::conflict, "the second factor is on already");
  u->totp_secret = wanted.secret;
  u->totp_at = begins ? now_ : 0;
  u->totp_step = wanted.step;
  u->recovery = wanted.recovery;
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.user};
}

result<applied> changer::operator()(const second_factor_use& wanted) {
  auto u = find_staying(wanted.user);
  if (!u)
    return fail(u.error());
  const auto code = std::find(u->recovery.begin(), u->recovery.end(), wanted.recovery);
  const bool counts = wanted.step != 0 ? wanted.step > u->totp_step : code != u->recovery.end();
  if (!u->has_second_factor() || !counts)
    return fail(errc::conflict, "the code was used before");
  if (wanted.step != 0)
    u->totp_step = wanted.step;
  else
    u->recovery.erase(code);
  if (auto ok = rows_.put_user(*u); !ok)
    return fail(ok.error());
  return applied{{}, std::nullopt, wanted.user};
}

} // namespace mediad::storage
