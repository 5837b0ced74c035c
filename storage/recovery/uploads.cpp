#include "storage/recovery/uploads.hpp"

#include "base/log.hpp"
#include "storage/catalog/catalog.hpp"
#include "storage/tree/paths.hpp"

#include <fcntl.h>
#include <functional>
#include <map>
#include <sys/stat.h>

namespace mediad::storage {
namespace {

/// @returns whether what was acknowledged of an upload is there, so that it can go on; any error
///          but that it is not there is no reason to give it up.
result<bool> can_be_resumed(const catalog_reader& rows, const folders& root,
                            const std::string& id) {
  const auto state = rows.find_upload(id);
  if (!state)
    return state.error().code == errc::not_found ? result<bool>{false} : fail(state.error());
  const auto staged = root.file(staging_place(id), O_PATH);
  if (!staged && staged.error().code != errc::not_found)
    return fail(staged.error());
  struct stat about {};
  if (staged && ::fstat(staged->get(), &about) != 0)
    return fail_errno(errno, "stat " + staging_place(id).path());
  if (staged && S_ISREG(about.st_mode)
      && static_cast<std::uint64_t>(about.st_size) >= state->offset)
    return true;
  log::error(id, "bytes of this unfinished upload are gone: it is given up");
  return false;
}

result<> put_key_ages(lmdb::write_txn& txn, const tables& from) {
  std::map<std::string, key_row> all;
  auto done = lmdb::for_each(txn, from.keys, [&](auto key, auto value) -> result<> {
    auto row = parse_key_row(value);
    if (!row)
      return fail(row.error());
    all.emplace(std::string{key}, std::move(*row));
    return {};
  });
  catalog rows{txn, from};
  for (const auto& [key, row] : all)
    if (done)
      done = rows.put_key(user_of(key), after_user(key), row);
  return done;
}

result<bool> have_keys_ages(const lmdb::read_txn& txn, const tables& t) {
  const auto keys = txn.count(t.keys);
  const auto ages = txn.count(t.key_ages);
  if (!keys || !ages)
    return fail(keys ? ages.error() : keys.error());
  return *keys == *ages;
}

} // namespace

result<std::set<std::string>> reconcile_uploads(database& db, const folders& root,
                                                const std::vector<std::string>& receiving) {
  std::set<std::string> kept;
  if (receiving.empty())
    return kept;
  auto txn = db.write();
  if (!txn)
    return fail(txn.error());
  catalog rows{*txn, db.table()};
  for (const auto& id : receiving) {
    const auto can = can_be_resumed(rows, root, id);
    if (!can)
      return fail(can.error());
    if (*can) {
      kept.insert(id);
      continue;
    }
    const auto record = rows.find(id);
    if (!record)
      return fail(record.error());
    if (auto ok = rows.erase(*record); !ok)
      return fail(ok.error());
  }
  if (kept.size() < receiving.size())
    if (auto ok = std::move(*txn).commit(); !ok)
      return fail(ok.error());
  return kept;
}

result<> complete_tables(database& db) {
  auto txn = db.write();
  if (!txn)
    return fail(txn.error());
  const auto files = txn->count(db.table().files);
  const auto users = txn->count(db.table().usage);
  const auto aged = have_keys_ages(*txn, db.table());
  if (!files || !users || !aged)
    return fail(!files ? files.error() : !users ? users.error() : aged.error());
  const bool is_counted = *files == 0 || *users > 0;
  if (is_counted && *aged)
    return {};
  log::warning("storage", "what users take up is counted again");
  result<> done;
  if (!is_counted)
    done = catalog{*txn, db.table()}.count_usage_again();
  if (done && !*aged)
    done = put_key_ages(*txn, db.table());
  return done ? std::move(*txn).commit() : done;
}

} // namespace mediad::storage
