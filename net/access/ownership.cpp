#include "net/access/ownership.hpp"

#include "net/access/folder_access.hpp"

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

/// A guest sees the files of one share, or of its folder, and if that lets guests send files, no
/// other.
result<> check_guest(const storage::view& stored, const caller& asker, std::string_view id) {
  if (asker.by != known_by::share || asker.sees_own_uploads_only || !asker.folder.empty())
    return {};
  const auto share = stored.find_share(asker.credential);
  if (!share)
    return fail(share.error());
  if (std::find(share->files.begin(), share->files.end(), id) == share->files.end())
    return fail(errc::not_found, "is not shared");
  return {};
}

/// Whether the caller may do what the request wants with what is in the folder of a file. An upload
/// into another user's folder is its sender's until it has arrived.
result<> check_place(const storage::view& stored, const caller& asker, const std::string& owner,
                     std::string_view id) {
  if (owner == asker.user && asker.folder.empty())
    return {};
  const auto file = stored.find(id);
  if (!file)
    return fail(file.error());
  auto wanted = asker.wants;
  if (owner != asker.user && file->state == status::receiving) {
    if (file->sender != asker.user && file->sender != asker.credential)
      return fail(errc::not_found, "is on its way from another");
    wanted = std::min(wanted, folder_right::add);
  }
  return check_folder(stored, asker, owner, file->folder, wanted);
}

template <class Row>
result<Row> only_of(const storage::view& stored, const caller& asker, std::string_view id,
                    result<Row> found) {
  if (!found)
    return found;
  if (auto ok = check_place(stored, asker, found->user, id); !ok)
    return fail(ok.error());
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
