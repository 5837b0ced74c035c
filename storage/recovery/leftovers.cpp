#include "storage/recovery/leftovers.hpp"

#include "storage/catalog/catalog.hpp"
#include "storage/catalog/promises.hpp"

#include <string>

namespace mediad::storage {

result<unknown_blobs> find_unknown_blobs(const database& db, const folders& root,
                                         const std::function<result<>()>& looked) {
  unknown_blobs found;
  for (unsigned i = 0; i < shard_count; ++i) {
    const auto folder = "store/blobs/" + shard_name(i);
    const auto compare = [&](const std::vector<std::string>& names) -> result<> {
      auto txn = db.read();
      if (!txn)
        return fail(txn.error());
      const catalog_reader rows{*txn, db.table()};
      for (const auto& name : names) {
        const auto promised = promised_at(rows, {folder, name});
        if (!promised)
          return fail(promised.error());
        if (!*promised || (*promised)->what != promise::kind::nothing)
          continue;
        if (++found.count <= max_leftover_blobs)
          found.first.push_back({folder, name});
      }
      return looked();
    };
    if (auto ok = root.list(folder, compare); !ok)
      return fail(ok.error());
  }
  return found;
}

error outdated(const folders& root, std::size_t unknown) {
  return fail(errc::conflict,
              std::to_string(unknown) + " files in " + (root.path() / "store/blobs").string()
                + " are unknown to the database, more than a crash leaves: restore the newer "
                  "database into system/db, or move them away");
}

} // namespace mediad::storage
