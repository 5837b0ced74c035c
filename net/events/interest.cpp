#include "net/events/interest.hpp"

namespace mediad::net::events {

bool interest::wants(const event& e) const {
  const event_filter mine{user_, {}, folder_};
  if (!mine.wants(e))
    return false;
  if (!e.share.id.empty())
    return more_.shares && all_ && folder_.empty();
  return e.file_id.empty() ? more_.notices : wants_file(e.file_id);
}

bool interest::wants(const live_event& e) const {
  const bool is_bounded = !folder_.empty() && all_;
  const event_filter mine{user_, {}, {}};
  return !is_bounded && mine.wants(e) && wants_file(e.file_id);
}

bool interest::wants_file(const std::string& id) const {
  return named_.contains(id) != all_;
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
  f.folder = folder_;
  if (!all_)
    f.files.assign(named_.begin(), named_.end());
  // An empty list means every file to the notifier. No file has an empty id, so this one names
  // none.
  if (!all_ && f.files.empty())
    f.files.emplace_back();
  return f;
}

} // namespace mediad::net::events
