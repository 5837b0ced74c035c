#include "storage/store.hpp"

#include "base/log.hpp"
#include "storage/migration/migration.hpp"
#include "storage/recovery/reconcile.hpp"
#include "storage/rules/changer.hpp"
#include "storage/tree/layout.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace mediad::storage {
namespace {

constexpr std::chrono::minutes reader_check_interval{1};
constexpr std::size_t trimmed_per_change = 4;

} // namespace

struct store::parts {
  settings s;
  folders root;
  std::shared_ptr<database> db;
  step_tools tools{};
  late_syncs late{root};
  std::chrono::steady_clock::time_point readers_checked = std::chrono::steady_clock::now();

  void look_after_readers();
  bool has_room() const;
  /// @returns nothing, and no trace, if @p each_alone is false and a change failed.
  result<std::optional<std::vector<result<applied>>>> apply(const std::vector<change>& group,
                                                            bool each_alone);
  result<applied> apply_one(lmdb::write_txn& txn, file_steps& steps, const change_context& context,
                            const change& c) const;
  result<applied> apply_alone(lmdb::write_txn& group, file_steps& steps,
                              const change_context& context, const change& c) const;
  void trim(lmdb::write_txn& group, std::size_t changes);
};

store::store(std::unique_ptr<parts> p) : parts_{std::move(p)} {}
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;
store::~store() = default;

result<store> store::open(const settings& s) {
  if (auto made = create_layout(s.root); !made)
    return fail(made.error());
  if (auto sound = check_layout(s.root); !sound)
    return fail(sound.error());
  auto root = folders::open(s.root);
  if (!root)
    return fail(root.error());
  if (auto ok = refuse_store_without_database(*root); !ok)
    return fail(ok.error());
  auto db = database::open(s, migrate);
  if (!db)
    return fail(db.error());
  std::unique_ptr<parts> p{new parts{s, std::move(*root), std::move(*db)}};
  p->tools.late = &p->late;
  if (auto ok = reconcile(*p->db, p->root); !ok)
    return fail(ok.error());
  return store{std::move(p)};
}

result<view> open_reader(const settings& s) {
  auto root = folders::open(s.root);
  if (!root)
    return fail(root.error());
  auto db = database::open_reader(s);
  if (!db)
    return fail(db.error());
  return view{std::move(*db), root->path()};
}

view store::reader() const {
  return view{parts_->db, parts_->root.path()};
}

result<std::string> store::user_id(const std::string& name) {
  auto done = apply({new_user{name}});
  if (!done)
    return fail(done.error());
  auto& made = done->front();
  return made ? result<std::string>{std::move(made->id)} : fail(made.error());
}

void store::parts::look_after_readers() {
  const auto now = std::chrono::steady_clock::now();
  if (now - readers_checked < reader_check_interval)
    return;
  readers_checked = now;
  if (const auto dead = db->check_readers(); !dead)
    log::error("storage", dead.error());
  else if (*dead > 0)
    log::warning("storage", std::to_string(*dead) + " readers of the database had died");
}

bool store::parts::has_room() const {
  const auto bytes = view{db, root.path()}.free_bytes();
  return bytes && *bytes >= s.min_free_bytes && !db->is_full() && db->reserve();
}

result<applied> store::parts::apply_one(lmdb::write_txn& txn, file_steps& steps,
                                        const change_context& context, const change& c) const {
  changer one{context, catalog{txn, db->table()}, steps, now_ms()};
  return std::visit(one, c);
}

result<applied> store::parts::apply_alone(lmdb::write_txn& group, file_steps& steps,
                                          const change_context& context, const change& c) const {
  auto txn = group.child();
  if (!txn)
    return fail(txn.error());
  const auto before = steps.here();
  auto done = apply_one(*txn, steps, context, c);
  if (done)
    if (auto joined = std::move(*txn).commit(); !joined)
      done = fail(joined.error());
  if (!done)
    steps.roll_back(before);
  return done;
}

// Not worth failing for: the next group trims again.
void store::parts::trim(lmdb::write_txn& group, std::size_t changes) {
  auto txn = group.child();
  if (!txn)
    return;
  auto done = catalog{*txn, db->table()}.trim_events(s.keep_events, trimmed_per_change * changes);
  if (done)
    done = std::move(*txn).commit();
  if (!done)
    log::warning("storage", "old events are not trimmed: " + done.error().detail);
}

result<std::optional<std::vector<result<applied>>>>
store::parts::apply(const std::vector<change>& group, bool each_alone) {
  const change_context context{root, s, has_room()};
  auto txn = db->write();
  if (!txn)
    return fail(txn.error());
  file_steps steps{root, tools};
  std::vector<result<applied>> results;
  results.reserve(group.size());
  for (const auto& c : group) {
    if (auto ok = steps.settle(); !ok)
      return fail(ok.error());
    results.push_back(each_alone ? apply_alone(*txn, steps, context, c)
                                 : apply_one(*txn, steps, context, c));
    if (!results.back() && !each_alone) {
      steps.roll_back({});
      return std::optional<std::vector<result<applied>>>{};
    }
  }
  trim(*txn, group.size());
  if (auto ok = steps.sync(); !ok)
    return fail(ok.error());
  if (auto ok = std::move(*txn).commit(); !ok) {
    if (ok.error().code != errc::storage_full)
      return fail(ok.error());
    // Nothing of it happened, so this can be taken back and the service goes on.
    steps.roll_back({});
    for (auto& r : results)
      if (r)
        r = fail(ok.error());
    return results;
  }
  if (auto ok = steps.finish(); !ok)
    return fail(ok.error());
  return results;
}

result<std::vector<result<applied>>> store::apply(std::vector<change> group) {
  parts_->look_after_readers();
  // To let a change fail alone takes a nested transaction for each, and LMDB allocates 3 MiB for
  // that: only a group in which one has failed is applied that way, from the beginning.
  auto done = parts_->apply(group, false);
  if (done && !*done)
    done = parts_->apply(group, true);
  if (!done)
    return fail(done.error());
  return std::move(**done);
}

result<> store::finish_syncs() const {
  return parts_->late.finish();
}

} // namespace mediad::storage
