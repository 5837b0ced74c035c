#pragma once

namespace mediad::media {

/// Does once, with an empty frame, what the preview of a video does. A process calls it before its
/// job comes, so that no client waits for what libraries set up at their first call, nor for memory
/// and code to be paged in. Takes some milliseconds; starts no threads.
void warm_up_video_preview();

} // namespace mediad::media
