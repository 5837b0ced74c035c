#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace mediad::storage {

struct settings {
  std::filesystem::path root = "./data"; ///< Everything below it is the server's.
  std::size_t map_bytes =
    std::size_t{16} << 30U; ///< Hard upper bound of the database, 16 MiB..1 TiB; sparse on disk.
  std::uint64_t keep_events = 1'000'000; ///< Newest events kept for replay, 1,000..1,000,000,000.
  std::uint32_t audit_days = 365;        ///< Days for which it is kept what people did, 1..3,650.
  std::uint32_t trash_days = 30;         ///< Days that files stay in the trash, 1..3,650.
  std::uint64_t min_free_bytes = std::uint64_t{512}
                                 << 20U;  ///< Uploads are refused below it, 0..1 PiB.
  std::uint64_t user_quota_bytes = 0;     ///< One user's files and open uploads, 0 (none)..1 PiB.
  std::uint64_t max_open_uploads = 1'000; ///< Resumable ones of one user, 1..1,000,000.
  std::uint32_t database_copies = 3;      ///< Copies of the database that are kept, 0..100.
  std::uint64_t inspect_rate = 50'000;    ///< Names in a second, 0 (all at once)..1,000,000,000.
  std::uint64_t verify_rate = std::uint64_t{64} << 20U; ///< Bytes in a second, 0 (any)..1 TiB.
};

} // namespace mediad::storage
