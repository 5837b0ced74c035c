#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mediad {

/// What went wrong, as a closed list a caller can branch on. The names are the stable codes
/// that clients see (see to_string).
enum class errc : std::uint8_t {
  bad_request = 1,     ///< The caller's input is malformed.
  not_found,           ///< No such file, upload or part of it.
  conflict,            ///< The state does not allow it (cancel of a finished file, say).
  precondition_failed, ///< It is not as the caller believes it to be: it has changed meanwhile.
  too_large,           ///< Over a limit from the settings.
  unsupported_media,   ///< A kind of file that has no decoder here.
  other_profile,       ///< A kind of file that its sender may not send.
  corrupt_media,       ///< The bytes are damaged or are not what they claim to be.
  password_protected,  ///< Encrypted; cannot be opened without a password.
  storage_full,        ///< The disk or the database map is full.
  quota_exceeded,      ///< The user's share of the disk is used up.
  digest_mismatch,     ///< The bytes are not those that the client announced.
  too_many,            ///< The user has too many of these open already.
  unauthenticated,     ///< Nothing shows whose request it is, or what it shows counts no more.
  storage_io,          ///< Reading or writing the disk failed.
  busy,                ///< The backlog is full; later may work.
  timeout,             ///< A deadline passed.
  worker_died,         ///< The worker process crashed or was killed.
  cancelled,           ///< The user or the server stopped it.
  internal,            ///< A bug, or something unforeseen.
};

/// The stable, lower-case name of @p code, as written into records and problem documents.
std::string to_string(errc code);

/// An errc plus a sentence for the log. The sentence never leaves the process.
struct error {
  errc code = errc::internal;
  std::string detail;
};

/// A value or an error; dropping one unread is a compiler warning.
template <class T = void>
class [[nodiscard]] result : public boost::system::result<T, error> {
public:
  using boost::system::result<T, error>::result;
};

// Every failing return goes through fail(), so that moving to std::expected one day changes
// these two bodies and nothing else.
inline error fail(errc code, std::string detail) {
  return {code, std::move(detail)};
}

inline error fail(error e) {
  return e;
}

/// fail() for a system call: maps ENOSPC and EDQUOT to storage_full, ENOENT to not_found, all
/// else to storage_io, and names the call and the errno text.
/// @param error_number the errno of the failed call.
error fail_errno(int error_number, std::string_view what);

/// True if the same input may succeed later although nothing was changed. This is the only retry
/// policy there is.
constexpr bool is_retryable(errc code) {
  return code == errc::storage_io || code == errc::busy || code == errc::timeout
         || code == errc::worker_died || code == errc::internal;
}

// Found by argument-dependent lookup when value() meets an error.
[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location&) {
  throw std::runtime_error{to_string(e.code) + ": " + e.detail};
}

} // namespace mediad
