#include "storage/recovery/inspection.hpp"

#include "base/log.hpp"
#include "storage/recovery/inspection_run.hpp"

#include <utility>

namespace mediad::storage {

result<inspection_report> inspection_run::run() {
  {
    auto txn = db_.read();
    if (!txn)
      return fail(txn.error());
    const auto files = txn->count(db_.table().files);
    if (!files)
      return fail(files.error());
    report_.all_files = *files;
  }
  // Blobs first: if the database is an older one, nothing else may be taken for a leftover.
  auto done = compare_blobs();
  if (done && report_.unknown_blobs > 0)
    return std::move(report_);
  if (done && terms_.verifies)
    done = verify_blobs();
  if (done)
    done = complete_folders();
  if (done)
    done = compare_files();
  if (done)
    done = compare_shards();
  if (done)
    done = compare_people();
  if (done)
    done = count_usage();
  if (!done)
    return fail(done.error());
  if (hooks_.tell)
    hooks_.tell(report_);
  return std::move(report_);
}

result<> inspection_run::look(std::uint64_t names) {
  if (!looks_.spend(names))
    return fail(errc::cancelled, "the inspection is asked to end");
  tell();
  return {};
}

void inspection_run::tell() {
  constexpr std::chrono::milliseconds interval{200};
  const auto now = std::chrono::steady_clock::now();
  if (!hooks_.tell || now - told_at_ < interval)
    return;
  told_at_ = now;
  hooks_.tell(report_);
}

result<applied> inspection_run::apply(change c) {
  if (hooks_.ending.stop_requested())
    return fail(errc::cancelled, "the inspection is asked to end");
  return hooks_.apply(std::move(c));
}

result<> inspection_run::mend_later(const place& where) {
  constexpr std::size_t at_once = 64;
  to_mend_.push_back(where.path());
  return to_mend_.size() < at_once ? result<>{} : mend();
}

result<> inspection_run::mend() {
  if (to_mend_.empty())
    return {};
  const auto done = apply(mending{std::exchange(to_mend_, {}), false});
  if (!done)
    return fail(done.error());
  report_.names_removed += done->removed;
  report_.names_made += done->made;
  return {};
}

result<> inspection_run::relink(const place& where) {
  const auto done = apply(mending{{where.path()}, true});
  if (!done)
    return fail(done.error());
  report_.names_made += done->made;
  return {};
}

result<> inspection_run::count_usage() {
  {
    auto txn = db_.read();
    if (!txn)
      return fail(txn.error());
    const auto right = catalog_reader{*txn, db_.table()}.is_usage_right();
    if (!right)
      return fail(right.error());
    if (*right)
      return {};
  }
  log::warning("storage", "what users take up is counted again");
  report_.was_recounted = true;
  const auto done = apply(recount{});
  return done ? result<>{} : fail(done.error());
}

result<inspection_report> inspect(const database& db, const folders& root,
                                  const inspection_terms& terms, const inspection_hooks& hooks) {
  return inspection_run{db, root, terms, hooks}.run();
}

} // namespace mediad::storage
