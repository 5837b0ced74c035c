#pragma once

#include "net/http/exchange.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How "Resumable Uploads for HTTP" (draft-ietf-httpbis-resumable-upload) says things. A field
/// whose value is of another type is as good as absent.
namespace mediad::net::ietf {

/// What a request speaks: its `Upload-Draft-Interop-Version`.
class dialect {
public:
  static constexpr unsigned oldest = 3;  ///< draft -01
  static constexpr unsigned newest = 10; ///< what may yet come before the RFC

  /// @returns nothing for a version that is not known here.
  static std::optional<dialect> of(const exchange& x);

  /// 0: the request names none, as the RFC's clients will.
  unsigned version() const {
    return version_;
  }
  /// Since draft -04.
  bool wants_partial_upload_type() const {
    return version_ == 0 || version_ >= 6;
  }
  /// tus-js-client speaks these drafts. It does not always say whether its upload is complete.
  bool may_omit_complete() const {
    return version_ != 0 && version_ <= 6;
  }
  /// In all other drafts an upload is complete when its client says so, and not before. In these
  /// two tus-js-client may say of its last bytes that they are not the last (it learns of a
  /// stream's end too late), and of a file without bytes, too; it sends nothing after them.
  bool completes_by_length() const {
    return version_ == 5 || version_ == 6;
  }
  /// The field that completes() reads.
  const char* complete_field() const {
    return says_incomplete() ? "Upload-Incomplete" : "Upload-Complete";
  }

  /// Whether the request completes its upload; nothing: it does not say.
  std::optional<bool> completes(const exchange& x) const;
  void set_complete(http::fields& fields, bool complete) const;
  /// Upload-Offset and what goes with it in every answer of an upload.
  void set_state(http::fields& fields, std::uint64_t offset, bool complete) const;

private:
  explicit dialect(unsigned version) : version_{version} {}
  /// Draft -01 says `Upload-Incomplete`, and the opposite.
  bool says_incomplete() const {
    return version_ == 3;
  }

  unsigned version_;
};

/// The type of the bytes that an append brings.
inline constexpr std::string_view partial_upload = "application/partial-upload";

/// The request's media type, without parameters; empty if there is none.
std::string media_type(const exchange& x);

/// The value of `Upload-Limit`: what the caller may send.
/// @param expires_at  0: never.
std::string limits(const exchange& x, unix_ms expires_at);

// Problems of RFC 9457 that the draft names.

/// To a request that names a version which is not known here.
answer unknown_version(const exchange& x);
answer mismatching_offset(const exchange& x, std::uint64_t expected, std::uint64_t provided);
answer completed_upload(const exchange& x);
answer inconsistent_length(const exchange& x);

} // namespace mediad::net::ietf
