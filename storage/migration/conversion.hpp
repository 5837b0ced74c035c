#pragma once

#include "storage/catalog/database.hpp"

#include <cstddef>
#include <functional>

/// All rows of schema 1, made into rows of the current schema.
namespace mediad::storage {

/// The tables of schema 1 that hold more than what can be found out from the others.
struct old_tables {
  MDB_dbi files{};
  MDB_dbi blobs{};
  MDB_dbi uploads{};
  MDB_dbi keys{};
  MDB_dbi events{};
  MDB_dbi meta{};
};

/// A database of schema 1, open for reading.
struct old_database {
  lmdb::environment env;
  old_tables tables;

  static result<old_database> open(const settings& s);
  result<std::size_t> rows() const;
};

/// What is told how many more rows are done, and of how many.
using conversion_progress = std::function<void(std::size_t done, std::size_t rows)>;

/// Converts every row of @p old into @p fresh, a few thousand in one transaction.
/// @param is_dry  commits none of it.
/// @returns how many rows there were.
result<std::size_t> convert_all(const old_database& old, database& fresh, bool is_dry,
                                const conversion_progress& told);

} // namespace mediad::storage
