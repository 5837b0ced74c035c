#include "storage/recovery/lists.hpp"

#include "base/log.hpp"
#include "base/service_manager.hpp"
#include "storage/catalog/catalog.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace mediad::storage {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds between_reports{5};
/// Files that one commit lists: the pages that it changes must fit into memory.
constexpr std::size_t files_at_once = 1'000;
/// What the service manager is asked to wait for the next report.
constexpr const char* patience = "EXTEND_TIMEOUT_USEC=60000000\nSTATUS=";

class relisting {
public:
  explicit relisting(database& db) : db_{db} {}

  result<> run() {
    if (auto ok = begin(); !ok)
      return ok;
    for (bool more = true; more;) {
      const auto some = list_some();
      if (!some)
        return fail(some.error());
      done_ += *some;
      more = *some == files_at_once;
      if (clock::now() - told_ >= between_reports)
        tell();
    }
    log::info("storage", "the lists of " + std::to_string(all_) + " files are made");
    return {};
  }

private:
  result<> begin();
  result<std::size_t> list_some();
  void tell();

  database& db_;
  relisting_row pass_;
  std::size_t all_ = 0;
  std::size_t done_ = 0;
  clock::time_point told_;
};

/// A pass that was cut short goes on, unless files have changed since.
result<> relisting::begin() {
  auto txn = db_.write();
  if (!txn)
    return fail(txn.error());
  catalog rows{*txn, db_.table()};
  const auto under_way = rows.find_relisting();
  const auto seq = rows.last_seq();
  const auto files = txn->count(db_.table().files);
  if (!under_way || !seq || !files)
    return fail(!under_way ? under_way.error() : !seq ? seq.error() : files.error());
  all_ = *files;
  tell();
  if (*under_way && (*under_way)->seq == *seq) {
    pass_ = **under_way;
    return {};
  }
  pass_.seq = *seq;
  auto done = rows.begin_relisting();
  return done ? std::move(*txn).commit() : done;
}

/// @returns how many files it has listed; the last one also ends the pass.
result<std::size_t> relisting::list_some() {
  auto txn = db_.write();
  if (!txn)
    return fail(txn.error());
  std::vector<std::string> ids;
  {
    auto walk = txn->walk(db_.table().files);
    if (!walk)
      return fail(walk.error());
    auto row = walk->at_or_after(pass_.after + '\0');
    for (; row && *row && ids.size() < files_at_once; row = walk->next())
      ids.emplace_back((*row)->key);
    if (!row)
      return fail(row.error());
  }
  catalog rows{*txn, db_.table()};
  for (const auto& id : ids) {
    pass_.after = id;
    // What cannot be read is in no list; an inspection tells of it.
    if (auto ok = rows.list_again(id, pass_); !ok)
      log::error(id, ok.error());
  }
  auto done = ids.size() < files_at_once ? rows.end_relisting() : result<>{};
  if (done)
    done = std::move(*txn).commit();
  return done ? result<std::size_t>{ids.size()} : fail(done.error());
}

void relisting::tell() {
  told_ = clock::now();
  const auto percent = all_ == 0 ? 100 : done_ * 100 / all_;
  const auto text =
    "making the lists of " + std::to_string(all_) + " files: " + std::to_string(percent) + " %";
  log::info("storage", text);
  tell_service_manager(patience + text);
}

} // namespace

result<> complete_lists(database& db) {
  bool is_needed = false;
  {
    auto txn = db.read();
    if (!txn)
      return fail(txn.error());
    const catalog_reader rows{*txn, db.table()};
    const auto current = rows.are_lists_current();
    const auto under_way = rows.find_relisting();
    if (!current || !under_way)
      return fail(current ? under_way.error() : current.error());
    is_needed = !*current || under_way->has_value();
  }
  return is_needed ? relisting{db}.run() : result<>{};
}

} // namespace mediad::storage
