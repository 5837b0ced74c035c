#pragma once

#include "media/picture/picture.hpp"

#include <cstddef>

/// What a process does once, done before its job comes and somebody waits: what libraries set up at
/// their first call, which code lies in memory and which memory the process has. Nothing is lost if
/// any of it fails. None of it starts threads.
namespace mediad::media {

/// Memory that the kernel has given already, kept by malloc for what comes.
/// @param bytes what a job usually needs at once.
void keep_memory(std::size_t bytes);

/// What every preview ends with. @param shown small, and with details: an encoder passes most of
/// its code by where there are none.
void rehearse_encoding(const picture& shown);

/// A small picture with details everywhere, 3 channels.
picture detailed_picture();

} // namespace mediad::media
