#pragma once

namespace mediad::media {

/// Draws a small page of its own and encodes it, so that what poppler, its fonts and the encoder do
/// once in a process is done before the document comes. Starts no thread. Nothing is lost if it
/// fails.
void rehearse_page();

} // namespace mediad::media
