#pragma once

#include <string>
#include <string_view>

namespace mediad::net::fields {

/// `Content-Disposition` (RFC 6266) for a file of any name: an ASCII `filename` for old clients and
/// the exact name as UTF-8 in `filename*` (RFC 8187). Whatever the name holds, the value is one
/// header line of visible ASCII; folders in it, control characters and broken UTF-8 become `_`.
/// @param name  empty: no file name at all.
std::string content_disposition(bool attachment, std::string_view name);

/// True for what browsers show or play without running anything in it: pictures (not SVG), video,
/// audio, PDF.
bool is_viewable(std::string_view media_type);

} // namespace mediad::net::fields
