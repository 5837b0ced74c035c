#include "net/events/interest.hpp"

namespace mediad::net::events {

bool interest::wants(const std::string& event_user, const std::string& file_id) const {
  const event_filter mine{user_, {}};
  if (!mine.wants(event_user, file_id))
    return false;
  return file_id.empty() || named_.contains(file_id) != all_;
}

bool interest::subscribe(const std::string& file) {
  if (!all_)
    return name_it(file);
  named_.erase(file);
  return true;
}

bool interest::unsubscribe(const std::string& file) {
  if (all_)
    return name_it(file);
  named_.erase(file);
  return true;
}

bool interest::name_it(const std::string& file) {
  if (named_.size() >= max_files && !named_.contains(file))
    return false;
  named_.insert(file);
  return true;
}

event_filter interest::filter() const {
  event_filter f;
  f.user = user_;
  if (!all_)
    f.files.assign(named_.begin(), named_.end());
  // An empty list means every file to the notifier. No file has an empty id, so this one names
  // none.
  if (!all_ && f.files.empty())
    f.files.emplace_back();
  return f;
}

} // namespace mediad::net::events
