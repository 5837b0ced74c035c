#include "base/ulid.hpp"
#include "storage/rules/changer.hpp"

/// What is remembered of what people did.
namespace mediad::storage {

result<applied> changer::operator()(const audited& c) {
  constexpr std::size_t trimmed_for_each = 4;
  constexpr unix_ms day = 24LL * 60 * 60 * 1000;
  for (auto row : c.rows) {
    row.id = make_ulid(now_);
    if (auto ok = rows_.put_audit(row); !ok)
      return fail(ok.error());
  }
  const auto until = now_ - day * context_.limits.audit_days;
  if (auto ok = rows_.trim_audit(until, trimmed_for_each * c.rows.size()); !ok)
    return fail(ok.error());
  return applied{};
}

} // namespace mediad::storage
