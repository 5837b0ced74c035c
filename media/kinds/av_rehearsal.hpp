#pragma once

namespace mediad::media {

/// Does once, with a frame of nothing, what a preview does: for the process of a job, before that
/// comes. What a library sets up at its first call, which code lies in memory and which memory the
/// process has, are then no part of the time that somebody waits for. Takes some milliseconds;
/// starts no threads.
void rehearse_preview();

} // namespace mediad::media
