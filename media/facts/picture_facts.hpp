#pragma once

#include "media/facts/file_facts.hpp"

#include <cstdint>
#include <span>
#include <string_view>

/// What a picture's metadata says of its origin. The bytes are untrusted: every offset is checked,
/// no directory leads to another by itself, and damage only hides what stands behind it.
namespace mediad::media {

/// Reads a TIFF structure: a block of Exif (CIPA DC-008), with or without its `Exif\0\0`, or all of
/// a file that is one, such as a TIFF or most cameras' raw files, with the XMP within it.
file_facts exif_facts(std::span<const std::uint8_t> exif);

/// Reads a packet of XMP (ISO 16684-1). Of more than 1 MiB, nothing is read.
file_facts xmp_facts(std::string_view packet);

/// Both together: title and author by XMP first, which has them in full, all else by Exif first
/// (Metadata Working Group, Guidelines 2.0, chapter 3). Either may be empty.
file_facts picture_facts(std::span<const std::uint8_t> exif, std::string_view xmp);

} // namespace mediad::media
