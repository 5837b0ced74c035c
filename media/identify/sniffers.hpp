#pragma once

#include "media/bytes/file_bytes.hpp"
#include "media/identify/identify.hpp"

#include <optional>
#include <string_view>

/// The parts that identify() is made of: what each group of formats looks like.
namespace mediad::media {

/// What the files of a type begin with.
struct known_mark {
  std::string_view mark;
  std::string_view media_type;
};

std::optional<identity> sniff_image(const file_bytes& file);
std::optional<identity> sniff_container(const file_bytes& file); ///< MP4, Matroska, AVI, TS …
std::optional<identity> sniff_mp4(const file_bytes& file);       ///< MP4, QuickTime, 3GP.
std::optional<identity> sniff_sound(const file_bytes& file);     ///< MP3, WAV, FLAC …
std::optional<identity> sniff_document(const file_bytes& file);  ///< PDF, RTF, OLE, ZIP.
std::optional<identity> sniff_archive(const file_bytes& file);   ///< tar, 7-Zip, RAR, gzip …
std::optional<identity> sniff_zip(const file_bytes& file);
/// Pictures that only their sense tells: TGA of version 1, Netpbm.
std::optional<identity> sniff_plain_image(const file_bytes& file);
/// Whether a text that begins with @p head is an SVG drawing.
bool is_svg(std::string_view head);
std::optional<identity> sniff_text(const file_bytes& file);

} // namespace mediad::media
