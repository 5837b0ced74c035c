#pragma once

namespace mediad::media {

/// Does once, with a small page of its own, what the preview of a PDF does: a process calls it
/// before its job comes, while no client waits. Starts no thread.
void warm_up_page();

} // namespace mediad::media
