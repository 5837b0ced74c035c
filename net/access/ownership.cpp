#include "net/access/ownership.hpp"

#include <algorithm>

namespace mediad::net {

namespace {

/// A caller that may only upload follows what it has sent itself.
result<> check_sender(const storage::view& stored, const caller& asker, std::string_view id) {
  if (!asker.sees_own_uploads_only)
    return {};
  const auto file = stored.find(id);
  if (!file)
    return fail(file.error());
  if (file->sender.empty() || file->sender != asker.credential)
    return fail(errc::not_found, "was sent by another");
  return {};
}

/// A guest sees the files of one share, and if that lets guests send files, no other.
result<> check_guest(const storage::view& stored, const caller& asker, std::string_view id) {
  if (asker.by != known_by::share || asker.sees_own_uploads_only)
    return {};
  const auto share = stored.find_share(asker.credential);
  if (!share)
    return fail(share.error());
  if (std::find(share->files.begin(), share->files.end(), id) == share->files.end())
    return fail(errc::not_found, "is not shared");
  return {};
}

template <class Row>
result<Row> only_of(const storage::view& stored, const caller& asker, std::string_view id,
                    result<Row> found) {
  if (!found)
    return found;
  if (found->user != asker.user)
    return fail(errc::not_found, "belongs to another user");
  if (auto ok = check_sender(stored, asker, id); !ok)
    return fail(ok.error());
  if (auto ok = check_guest(stored, asker, id); !ok)
    return fail(ok.error());
  return found;
}

} // namespace

result<file_record> find_own_file(const storage::view& stored, const caller& asker,
                                  std::string_view id, in_trash trash) {
  auto file = only_of(stored, asker, id, stored.find(id));
  if (file && file->deleted_at != 0 && trash == in_trash::hidden)
    return fail(errc::not_found, "is in the trash");
  return file;
}

result<upload_state> find_own_upload(const storage::view& stored, const caller& asker,
                                     std::string_view id) {
  auto upload = only_of(stored, asker, id, stored.find_upload(id));
  if (!upload || !upload->complete)
    return upload;
  const auto file = stored.find(id);
  if (file && file->deleted_at != 0)
    return fail(errc::not_found, "is in the trash");
  return upload;
}

} // namespace mediad::net
