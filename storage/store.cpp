#include "storage/store.hpp"

#include "storage/copies/copies.hpp"
#include "storage/group_commit.hpp"
#include "storage/migration/migration.hpp"
#include "storage/recovery/reconcile.hpp"
#include "storage/tree/layout.hpp"

#include <utility>

namespace mediad::storage {

struct store::parts {
  std::shared_ptr<const folders> root;
  std::shared_ptr<database> db;
  group_commit commits;

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
  auto db = database::open(s, [](const settings& of, const schema_found& older) {
    return keep_replaced(of, [&] { return migrate(of, older); });
  });
  if (!db)
    return fail(db.error());
  auto p = std::make_unique<parts>(s, std::move(*root), std::move(*db));
  if (auto ok = reconcile(*p->db, *p->root); !ok)
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
  return view{std::move(*db), std::make_shared<const folders>(std::move(*root))};
}

view store::reader() const {
  return view{parts_->db, parts_->root};
}

result<std::string> store::user_id(const std::string& name) {
  auto done = apply({new_user{name}});
  if (!done)
    return fail(done.error());
  auto& made = done->front();
  return made ? result<std::string>{std::move(made->id)} : fail(made.error());
}

result<std::vector<result<applied>>> store::apply(std::vector<change> group) {
  return parts_->commits.apply(std::move(group));
}

result<> store::finish_syncs() const {
  return parts_->commits.finish_syncs();
}

} // namespace mediad::storage
