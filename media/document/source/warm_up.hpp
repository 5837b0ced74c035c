#pragma once

namespace mediad::media {

/// Draws a small page of its own, so that a process has done what poppler and fontconfig do once
/// before its document comes. Starts no thread. If it fails, the document's own page does that.
void warm_up_poppler();

} // namespace mediad::media
