#pragma once

#include "media/bytes/file_bytes.hpp"

/// Frames of sound that stand in a file without a container. Each function gives the length in
/// bytes of the frame whose header is at @p at; 0 if there is none.
namespace mediad::media {

std::size_t mpeg_frame_bytes(std::string_view bytes, std::size_t at); ///< ISO/IEC 11172-3, 2.4.2.3
std::size_t adts_frame_bytes(std::string_view bytes, std::size_t at); ///< ISO/IEC 13818-7, 6.2
std::size_t ac3_frame_bytes(std::string_view bytes, std::size_t at);  ///< ETSI TS 102 366, 4.3
std::size_t eac3_frame_bytes(std::string_view bytes, std::size_t at); ///< The same, E.1.2.
/// ETSI TS 102 114, 5.3, in big-endian words of 16 bits. An extension (6.2) counts to its frame.
std::size_t dts_frame_bytes(std::string_view bytes, std::size_t at);

} // namespace mediad::media
