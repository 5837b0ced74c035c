#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace mediad {

std::string to_string(errc code) {
  switch (code) {
  case errc::bad_request: return "bad_request";
  case errc::not_found: return "not_found";
  case errc::conflict: return "conflict";
  case errc::precondition_failed: return "precondition_failed";
  case errc::too_large: return "too_large";
  case errc::unsupported_media: return "unsupported_media";
  case errc::other_profile: return "other_profile";
  case errc::corrupt_media: return "corrupt_media";
  case errc::password_protected: return "password_protected";
  case errc::storage_full: return "storage_full";
  case errc::quota_exceeded: return "quota_exceeded";
  case errc::digest_mismatch: return "digest_mismatch";
  case errc::too_many: return "too_many";
  case errc::unauthenticated: return "unauthenticated";
  case errc::storage_io: return "storage_io";
  case errc::busy: return "busy";
  case errc::timeout: return "timeout";
  case errc::worker_died: return "worker_died";
  case errc::cancelled: return "cancelled";
  case errc::internal: return "internal";
  }
  return "internal";
}

error fail_errno(int error_number, std::string_view what) {
  auto code = errc::storage_io;
  if (error_number == ENOSPC || error_number == EDQUOT)
    code = errc::storage_full;
  else if (error_number == ENOENT)
    code = errc::not_found;
  return fail(code, std::string{what} + ": " + std::generic_category().message(error_number));
}

} // namespace mediad
