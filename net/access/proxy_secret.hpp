#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

/// By what a proxy that names callers proves that it is one.
namespace mediad::net {

inline constexpr std::string_view proxy_secret_field = "Mediad-Proxy-Secret";
inline constexpr std::size_t min_proxy_secret = 16; ///< Bytes.

/// The first line of the file.
/// @returns errc::bad_request, with a sentence for the operator, if it has less than
///          min_proxy_secret bytes or cannot be read.
result<std::string> read_proxy_secret(const std::filesystem::path& file);

} // namespace mediad::net
