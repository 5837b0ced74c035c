#include "storage/catalog/catalog.hpp"

/// The rows of the audit. Their ids grow with time.
namespace mediad::storage {

result<std::vector<audit_row>> catalog_reader::audit(std::string_view before,
                                                     std::size_t at_most) const {
  std::vector<audit_row> found;
  auto walk = reading_.walk(tables_.audit);
  if (!walk)
    return fail(walk.error());
  // Ids end below `~`.
  auto row = walk->before(before.empty() ? "~" : before);
  for (; row && *row && found.size() < at_most; row = walk->previous()) {
    auto parsed = parse_audit((*row)->key, (*row)->value);
    if (!parsed)
      return fail(parsed.error());
    found.push_back(*std::move(parsed));
  }
  if (!row)
    return fail(row.error());
  return found;
}

result<> catalog::put_audit(const audit_row& a) {
  return writing_.put(tables_.audit, a.id, encode(a));
}

result<> catalog::trim_audit(unix_ms until, std::size_t at_most) {
  for (; at_most > 0; --at_most) {
    std::string oldest;
    {
      auto walk = writing_.walk(tables_.audit);
      if (!walk)
        return fail(walk.error());
      const auto first = walk->first();
      if (!first)
        return fail(first.error());
      if (!*first)
        return {};
      const auto row = parse_audit((*first)->key, (*first)->value);
      if (row && row->at >= until)
        return {};
      oldest = (*first)->key;
    }
    if (auto gone = writing_.erase(tables_.audit, oldest); !gone)
      return fail(gone.error());
  }
  return {};
}

} // namespace mediad::storage
