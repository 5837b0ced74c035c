#include "net/backend/audit_log.hpp"

#include "base/log.hpp"

namespace mediad::net {

namespace {

void log_row(const audit_row& row) {
  auto line = row.act;
  if (row.count > 1)
    line += ' ' + std::to_string(row.count) + " times";
  if (!row.about.empty())
    line += ": " + row.about;
  if (!row.name.empty())
    line += ", by " + row.name;
  if (!row.address.empty())
    line += ", from " + row.address;
  log::info("audit", line);
}

} // namespace

void audit_log::note(audit_row row) {
  row.at = now_ms();
  log_row(row);
  const std::lock_guard lock{mutex_};
  rows_.push_back(std::move(row));
}

void audit_log::note_refused(audit_act what, const std::string& about, const std::string& address) {
  const std::lock_guard lock{mutex_};
  if (refused_.empty())
    first_refused_ = now_();
  const auto known = refused_.find({what, about, address});
  if (known != refused_.end())
    ++known->second;
  else if (refused_.size() < max_refused)
    refused_.emplace(refusal{what, about, address}, 1);
  else
    ++refused_[{what, std::string{}, std::string{}}]; // from too many places to name them
}

void audit_log::flush(bool all) {
  std::vector<audit_row> some;
  {
    const std::lock_guard lock{mutex_};
    some.swap(rows_);
    if (!refused_.empty() && (all || now_() - first_refused_ >= refusals_wait)) {
      for (const auto& [refused, count] : refused_) {
        const auto& [what, about, address] = refused;
        audit_row row;
        row.at = now_ms();
        row.act = to_string(what);
        row.about = about;
        row.address = address;
        row.count = count;
        log_row(row);
        some.push_back(std::move(row));
      }
      refused_.clear();
    }
  }
  if (!some.empty())
    keep_(std::move(some));
}

} // namespace mediad::net
