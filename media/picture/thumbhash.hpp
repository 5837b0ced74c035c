#pragma once

#include "media/picture/picture.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mediad::media {

/// The ThumbHash (https://evanw.github.io/thumbhash/) of a picture: 5..25 bytes that a page turns
/// into a blurred stand-in before the preview has arrived.
/// @param small both sides 1..100 pixels: larger ones only cost time, so resize() first.
std::vector<std::uint8_t> thumbhash(const picture& small);

/// The same as Base64, the way the record carries it; makes the picture small enough itself.
std::string thumbhash_base64(const picture& any_size);

} // namespace mediad::media
