#pragma once

#include "media/picture/picture.hpp"

#include <cstddef>

/// Work that a process does once, done before its job arrives: libraries are set up at their first
/// call, code is paged in and memory is taken from the kernel. If any of it fails, nothing is lost.
/// None of these functions starts threads.
namespace mediad::media {

/// Takes memory from the kernel, which malloc keeps for the job.
/// @param bytes as many as a job usually needs at once.
void keep_memory(std::size_t bytes);

/// Runs the encoder and the ThumbHash once, to warm caches. @param shown small but noisy, so that
/// the encoder takes its usual code paths.
void warm_up_encoding(const picture& shown);

/// A small picture with details everywhere, 3 channels.
picture detailed_picture();

} // namespace mediad::media
