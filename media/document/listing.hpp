#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"

namespace mediad::media {

/// Lists what is in an archive (ZIP, 7-Zip, RAR, tar, and tar compressed by gzip, bzip2, xz or
/// zstd) as `listing.json` in job::output_dir: nothing is extracted.
///
///     {"entries":[{"name":"a/b.txt","type":"file","bytes":12,"modified":"2026-11-23T01:02:03Z"}],
///      "complete":true}
///
/// `type` is `file`, `directory`, `link` or `other`; `bytes` and `modified` are what the archive
/// claims, where it does; names are data, never paths to follow. `complete` is false for an archive
/// that is damaged: it lists what could be read.
/// @returns a job_result with that file, and in `media` `entries`, `unpacked_bytes`,
///   `listing_complete`, and `encrypted` if some of its files are; without either for a compressed
///   file that is no archive. errc::password_protected if all of its files are encrypted, or their
///   names; errc::too_large beyond limits.max_archive_entries or limits.max_archive_ratio.
result<job_result> list_archive(const job& work, const job_context& context);

} // namespace mediad::media
