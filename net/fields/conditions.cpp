#include "net/fields/conditions.hpp"

#include "net/fields/dates.hpp"

#include <algorithm>
#include <utility>

namespace mediad::net::fields {
namespace {

// True if the list of entity tags names @p etag; "*" names whatever exists. A weak tag matches only
// where weak comparison is asked for (RFC 9110 section 8.8.3.2). Ours are strong.
bool names(std::string_view list, std::string_view etag, bool weakly) {
  if (list == "*")
    return true;
  while (!list.empty()) {
    list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
    const bool weak = list.substr(0, 2) == "W/";
    if (weak)
      list.remove_prefix(2);
    if (list.empty() || list.front() != '"')
      return false;
    const auto end = list.find('"', 1);
    if (end == std::string_view::npos)
      return false;
    if (list.substr(0, end + 1) == etag && (weakly || !weak))
      return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

unix_ms whole_second(unix_ms t) {
  return second_of(t) * 1000;
}

// An unreadable date is no condition at all.
bool modified_after(const std::optional<std::string>& field, const representation& have,
                    bool if_unreadable) {
  const auto date = parse_http_date(*field);
  return date ? whole_second(have.modified) > *date : if_unreadable;
}

bool precondition_holds(const conditions& request, const representation& have) {
  if (request.if_match)
    return names(*request.if_match, have.etag, false);
  return !request.if_unmodified_since || !modified_after(request.if_unmodified_since, have, false);
}

bool is_new_to_client(const conditions& request, const representation& have) {
  if (request.if_none_match)
    return !names(*request.if_none_match, have.etag, true);
  return !request.if_modified_since || modified_after(request.if_modified_since, have, true);
}

bool range_applies(const conditions& request, const representation& have) {
  if (!request.if_range)
    return true;
  const auto& validator = *request.if_range;
  if (validator.starts_with('"') || validator.starts_with("W/"))
    return validator == have.etag;
  const auto date = parse_http_date(validator);
  return have.modified_is_strong && date && *date == whole_second(have.modified);
}

} // namespace

selection select(const conditions& request, const representation& have, bool is_get) {
  selection chosen;
  if (!precondition_holds(request, have)) {
    chosen.answer = verdict::mismatch;
  } else if (!is_new_to_client(request, have)) {
    chosen.answer = verdict::not_modified;
  } else if (is_get && request.range && range_applies(request, have)) {
    if (auto ranges = parse_range(*request.range, have.size)) {
      chosen.answer = ranges->empty() ? verdict::unsatisfiable : verdict::part;
      chosen.ranges = std::move(*ranges);
    }
  }
  return chosen;
}

} // namespace mediad::net::fields
