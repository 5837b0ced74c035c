#include "actors/uploads/failures.hpp"

namespace mediad::actors {
namespace {

const char* sentence(errc code) {
  switch (code) {
  case errc::corrupt_media: return "The file is damaged or incomplete and could not be read.";
  case errc::unsupported_media: return "This kind of file cannot be processed here.";
  case errc::password_protected: return "The file is protected by a password.";
  case errc::too_large: return "The file is larger than this server is set to process.";
  case errc::timeout: return "Processing the file took too long.";
  case errc::worker_died: return "Processing the file failed again and again.";
  case errc::storage_full: return "The server has run out of space.";
  case errc::storage_io: return "The server could not write what it made of the file.";
  case errc::bad_request:
  case errc::not_found:
  case errc::conflict:
  case errc::precondition_failed:
  case errc::other_profile:
  case errc::quota_exceeded:
  case errc::digest_mismatch:
  case errc::too_many:
  case errc::unauthenticated:
  case errc::busy:
  case errc::cancelled:
  case errc::internal: return "Something went wrong inside the server.";
  }
  return "Something went wrong inside the server.";
}

} // namespace

failure_reason reason_for(errc code) {
  return {to_string(code), sentence(code)};
}

} // namespace mediad::actors
