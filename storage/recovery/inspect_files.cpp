#include "base/log.hpp"
#include "storage/catalog/promises.hpp"
#include "storage/recovery/inspection_run.hpp"
#include "storage/recovery/some_rows.hpp"

#include <utility>

/// From the rows to the disk: what every record promises.
namespace mediad::storage {
namespace {

// The report names at most so many files; all others are in the log.
constexpr std::size_t max_named = 100;
constexpr std::size_t max_losses = 10'000;

/// Some records, and where the next ones begin.
struct record_page {
  std::vector<file_record> files;
  std::vector<std::string> unreadable; ///< Ids.
  std::string unlisted;                ///< Id of one that is missing in a list; empty: none is.
  bool is_last = false;
};

/// @param after  id of the last record before; moved on.
result<record_page> records_after(const database& db, std::string& after) {
  constexpr std::size_t at_once = 256;
  record_page page;
  const auto add = [&](const lmdb::read_txn& txn, std::string_view id,
                       std::string_view value) -> result<> {
    auto r = parse_record(id, value);
    const catalog_reader rows{txn, db.table()};
    const auto listed = r ? rows.is_listed(listed_file::of(*r)) : result<bool>{true};
    if (listed && !*listed)
      page.unlisted = id;
    if (r && rows.add_names(*r))
      page.files.push_back(std::move(*r));
    else
      page.unreadable.emplace_back(id);
    return {};
  };
  const auto count = visit_some(db, db.table().files, after, at_once, add);
  if (!count)
    return fail(count.error());
  page.is_last = *count < at_once;
  return page;
}

bool is_whole(const result<std::optional<file_facts>>& there, std::uint64_t bytes) {
  return there && *there && (*there)->is_regular && (*there)->bytes == bytes;
}

std::string told(const lost_file& file) {
  return "the bytes of \"" + file.name + "\" are " + std::string{to_string(file.what)}
         + ", and no other name has them: send the file again, or restore it from a backup";
}

} // namespace

result<> inspection_run::compare_files() {
  for (std::string after;;) {
    const auto page = records_after(db_, after);
    if (!page)
      return fail(page.error());
    for (const auto& id : page->unreadable) {
      log::error(id, "the record cannot be read");
      ++report_.unreadable;
    }
    if (!page->unlisted.empty())
      if (auto ok = distrust_lists(page->unlisted); !ok)
        return ok;
    for (const auto& r : page->files) {
      if (auto ok = compare_file(r); !ok)
        return ok;
      ++report_.files;
    }
    if (page->is_last)
      break;
  }
  if (auto ok = settle_losses(); !ok)
    return ok;
  return mend();
}

/// Once is enough: the next start makes all lists anew.
result<> inspection_run::distrust_lists(const std::string& id) {
  if (std::exchange(report_.were_lists_wrong, true))
    return {};
  log::error(id, "this file is missing in a list: the next start makes the lists anew");
  const auto done = apply(unlisted{});
  return done ? result<>{} : fail(done.error());
}

result<> inspection_run::compare_file(const file_record& record) {
  if (record.state == status::receiving) {
    const auto there = root_.look(staging_place(record.id));
    if (auto ok = look(); !ok || !there || *there)
      return ok;
    return mend_later(staging_place(record.id));
  }
  const auto harm = damage_of(record);
  if (!harm)
    return fail(harm.error());
  auto left = *harm;
  if (left != damage::none) {
    const auto healed = heal(record);
    if (!healed)
      return fail(healed.error());
    if (*healed)
      left = damage::none;
  }
  if (left != damage::none)
    losses_.push_back({{record.id, record.name, left}, record.sha256});
  else if (record.harm != damage::none)
    if (auto well = apply(found_damage{record.id, damage::none}); !well)
      return fail(well.error());
  if (losses_.size() >= max_losses)
    if (auto ok = settle_losses(); !ok)
      return ok;
  if (left == damage::none && is_terminal(record.state) && record.deleted_at == 0) {
    const auto has_all = has_results(record);
    if (!has_all)
      return fail(has_all.error());
    if (!*has_all)
      if (auto ok = make_again(record); !ok)
        return ok;
  }
  return compare_names(record);
}

result<damage> inspection_run::damage_of(const file_record& record) {
  const auto where = blob_place(record.sha256);
  const auto there = root_.look(where);
  if (auto ok = look(); !ok)
    return fail(ok.error());
  if (!there)
    log::error(record.id, there.error());
  if (!there || !*there || !(*there)->is_regular)
    return damage::missing;
  if ((*there)->bytes != record.bytes)
    return damage::cut;
  if (const auto bad = bad_.find(record.sha256); bad != bad_.end())
    return bad->second == (*there)->inode ? damage::changed : damage::none;
  // What was noted as changed is read again, or it would be forgotten.
  if (record.harm != damage::changed || terms_.verifies)
    return damage::none;
  const auto right = has_digest(where, record.sha256);
  if (!right)
    return fail(right.error());
  if (*right)
    return damage::none;
  bad_[record.sha256] = (*there)->inode;
  return damage::changed;
}

result<bool> inspection_run::has_results(const file_record& record) {
  const auto made = made_places(record);
  if (!made) {
    log::error(record.id, made.error());
    return false;
  }
  for (const auto& one : *made) {
    const auto there = root_.look(one.stored);
    if (auto ok = look(); !ok)
      return fail(ok.error());
    if (!is_whole(there, one.bytes))
      return false;
    if (!terms_.verifies)
      continue;
    const auto right = has_digest(one.stored, one.sha256);
    if (!right || !*right)
      return right;
  }
  return true;
}

result<> inspection_run::make_again(const file_record& record) {
  const auto done = apply(lost_results{record.id, record.seq});
  if (!done)
    return fail(done.error());
  if (done->record.state != status::registered)
    return {};
  log::warning(record.id, "what was made of it is lost or damaged: it is processed again");
  ++report_.made_again;
  if (!hooks_.lost_results)
    return {};
  hooks_.lost_results(record.id);
  // A few at a time: each unfinished file takes memory.
  constexpr std::size_t max_unfinished = 64;
  constexpr std::chrono::milliseconds some_time{200};
  for (;;) {
    std::size_t unfinished = 0;
    {
      auto txn = db_.read();
      if (!txn)
        return fail(txn.error());
      const auto count = txn->count(db_.table().unfinished);
      if (!count)
        return fail(count.error());
      unfinished = *count;
    }
    if (unfinished < max_unfinished)
      return {};
    if (!looks_.pause(some_time))
      return fail(errc::cancelled, "the inspection is asked to end");
    tell();
  }
}

/// Names in the person's folders that are missing, or lead to bytes that are not right.
result<> inspection_run::compare_names(const file_record& record) {
  const auto check = [&](const place& where, std::uint64_t bytes) -> result<> {
    const auto there = root_.look(where);
    if (auto ok = look(); !ok)
      return ok;
    const bool is_right = !there || (*there && (!(*there)->is_ours() || (*there)->bytes == bytes));
    return is_right ? result<>{} : mend_later(where);
  };
  if (!has_names(record))
    return {};
  if (healed_.contains(record.sha256))
    if (auto ok = relink(original_link(record)); !ok)
      return ok;
  if (auto ok = check(original_link(record), record.bytes); !ok)
    return ok;
  const auto made = made_places(record);
  for (std::size_t i = 0; made && i < made->size(); ++i)
    if (const auto& shown = (*made)[i].shown)
      if (auto ok = check(*shown, (*made)[i].bytes); !ok)
        return ok;
  return {};
}

result<file_record> inspection_run::find(const std::string& id) const {
  auto txn = db_.read();
  if (!txn)
    return fail(txn.error());
  return catalog_reader{*txn, db_.table()}.find(id);
}

/// What no name has healed by now is lost.
result<> inspection_run::settle_losses() {
  for (auto& lost : std::exchange(losses_, {})) {
    if (healed_.contains(lost.sha256)) {
      const auto r = find(lost.file.id);
      if (!r)
        continue;
      if (auto ok = has_names(*r) ? relink(original_link(*r)) : result<>{}; !ok)
        return ok;
      if (auto well = apply(found_damage{lost.file.id, damage::none}); !well)
        return fail(well.error());
      continue;
    }
    const auto noted = apply(found_damage{lost.file.id, lost.file.what});
    if (!noted)
      return fail(noted.error());
    log::error(lost.file.id, told(lost.file));
    ++report_.lost;
    if (report_.first_lost.size() < max_named)
      report_.first_lost.push_back(std::move(lost.file));
  }
  return {};
}

} // namespace mediad::storage
