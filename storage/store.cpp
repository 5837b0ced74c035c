#include "storage/store.hpp"

#include "base/log.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/copies/copies.hpp"
#include "storage/group_commit.hpp"
#include "storage/migration/migration.hpp"
#include "storage/recovery/lists.hpp"
#include "storage/recovery/reconcile.hpp"
#include "storage/tree/layout.hpp"
#include "storage/tree/step_notes.hpp"

#include <optional>
#include <utility>

namespace mediad::storage {

struct store::parts {
  std::shared_ptr<const folders> root;
  std::shared_ptr<database> db;
  std::optional<step_notes> notes;
  group_commit commits;

  result<> recover(bool has_migrated);
  void finish_removals();
  result<std::uint64_t> newest() const;
  result<applied> apply_one(change c);

  parts(const settings& s, folders f, std::shared_ptr<database> d)
    : root{std::make_shared<const folders>(std::move(f))}, db{std::move(d)}, commits{s, root, db} {}
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
  bool has_migrated = false;
  auto db = database::open(s, [&](const settings& of, const schema_found& older) {
    has_migrated = true;
    return keep_replaced(of, [&] { return migrate(of, older); });
  });
  if (!db)
    return fail(db.error());
  auto p = std::make_unique<parts>(s, std::move(*root), std::move(*db));
  if (auto ok = p->recover(has_migrated); !ok)
    return fail(ok.error());
  return store{std::move(p)};
}

result<std::uint64_t> store::parts::newest() const {
  auto txn = db->read();
  return txn ? catalog_reader{*txn, db->table()}.last_seq() : fail(txn.error());
}

result<applied> store::parts::apply_one(change c) {
  std::vector<change> group;
  group.push_back(std::move(c));
  auto done = commits.apply(std::move(group));
  return done ? std::move(done->front()) : fail(done.error());
}

/// What is found is mended before anything else changes, and the notes that it was found by go
/// after that: killed meanwhile, the next start finds it again.
/// @param has_migrated  names may differ from those that the last server gave.
result<> store::parts::recover(bool has_migrated) {
  auto noted = step_notes::read(*root);
  if (!noted)
    return fail(noted.error());
  if (has_migrated)
    noted->reset();
  auto found = reconcile(*db, *root, *noted);
  if (!found)
    return fail(found.error());
  const auto mended = apply_one(mending{std::move(found->paths), false});
  if (!mended)
    return fail(mended.error());
  if (auto ok = empty_system(*root, *found); !ok)
    return ok;
  found->counts.names_removed = mended->removed;
  found->counts.names_made = mended->made;
  log_counts(found->counts);
  if (found->is_strange) {
    inspection_hooks hooks;
    hooks.apply = [this](change c) {
      return apply_one(std::move(c));
    };
    if (const auto report = storage::inspect(*db, *root, {}, hooks); !report)
      return fail(report.error());
  }
  const auto seq = newest();
  if (!seq)
    return fail(seq.error());
  auto fresh = step_notes::begin(*root, *seq);
  if (!fresh)
    return fail(fresh.error());
  notes.emplace(std::move(*fresh));
  commits.note_in(*notes);
  finish_removals();
  return {};
}

/// Users whose removal has begun go before anybody can look. One that cannot go costs no start.
void store::parts::finish_removals() {
  for (;;) {
    const auto done = apply_one(user_clearance{});
    if (!done)
      return log::error("storage", "a user is not wholly removed: " + done.error().detail);
    if (done->removed == 0)
      return;
  }
}

result<std::size_t> make_lists_anew(const settings& s) {
  const auto found = database::look(s);
  if (!found)
    return fail(found.error());
  if (!*found)
    return fail(errc::not_found, "there is no database in " + (s.root / "system").string());
  const auto db = database::open(s, [](const settings&, const schema_found&) {
    return result<>{
      fail(errc::conflict, "the database is migrated when a server of this release starts")};
  });
  if (!db)
    return fail(db.error());
  std::size_t files = 0;
  {
    auto txn = (*db)->write();
    if (!txn)
      return fail(txn.error());
    const auto all = txn->count((*db)->table().files);
    if (!all)
      return fail(all.error());
    files = *all;
    auto done = catalog{*txn, (*db)->table()}.distrust_lists();
    if (done)
      done = std::move(*txn).commit();
    if (!done)
      return fail(done.error());
  }
  const auto done = complete_lists(**db);
  return done ? result<std::size_t>{files} : fail(done.error());
}

result<view> open_reader(const settings& s) {
  auto root = folders::open(s.root);
  if (!root)
    return fail(root.error());
  auto db = database::open_reader(s);
  if (!db)
    return fail(db.error());
  return view{std::move(*db), std::make_shared<const folders>(std::move(*root))};
}

view store::reader() const {
  return view{parts_->db, parts_->root};
}

result<std::string> store::user_id(const std::string& name) {
  auto made = apply_one(new_user{name});
  return made ? result<std::string>{std::move(made->id)} : fail(made.error());
}

result<std::vector<result<applied>>> store::apply(std::vector<change> group) {
  return parts_->commits.apply(std::move(group));
}

result<applied> store::apply_one(change c) {
  return parts_->apply_one(std::move(c));
}

result<> store::finish_syncs() const {
  return parts_->commits.finish_syncs();
}

result<> store::stop() {
  if (auto ok = finish_syncs(); !ok)
    return ok;
  if (!parts_->commits.is_sound())
    return fail(errc::storage_io, "a group of changes could not be made durable");
  const auto seq = parts_->newest();
  return seq ? parts_->notes->stop(*seq) : fail(seq.error());
}

result<inspection_report> store::inspect(const inspection_terms& terms, std::stop_token ending) {
  inspection_hooks hooks;
  hooks.apply = [this](change c) {
    return parts_->apply_one(std::move(c));
  };
  hooks.ending = std::move(ending);
  return inspector()(terms, hooks);
}

inspector store::inspector() const {
  return [db = std::shared_ptr<const database>{parts_->db},
          root = parts_->root](const inspection_terms& terms, const inspection_hooks& hooks) {
    return storage::inspect(*db, *root, terms, hooks);
  };
}

} // namespace mediad::storage
