#pragma once

#include "base/error.hpp"
#include "media/image/stored_image.hpp"
#include "media/job/facts.hpp"
#include "media/job/module.hpp"

/// The two jobs of still pictures, the preview and the ladder, and what they have in common.
namespace mediad::media {

/// What the preview needs of a reader.
wanted_size for_preview(const parameters& options);

/// What the ladder needs: twice its widest rung, as a scale just above the rung blurs.
wanted_size for_renditions(const parameters& options);

/// The picture at the size @p shown and upright: shrunk before it is converted and turned, so that
/// those see few pixels.
/// @param in_srgb else its colours are those of its profile.
result<picture> shown_picture(const stored_image& image, extent shown, bool in_srgb = true);

/// Whether the picture as it is stored has few colours, and chroma to show them with: that of
/// smaller ones says little, as shrinking blends colours.
bool is_plain(const stored_image& image);

/// `width`, `height` and `orientation` of the picture as it is shown, `damage` if a part of it is
/// missing, and what it says of its origin (see add_file_facts). The preview and the ladder both
/// tell it: a preview that is made while a HEIC file arrives has not seen its metadata.
facts facts_of(const stored_image& image, const facts_options& options);

/// Writes the preview (see write_preview); `media` gets facts_of() the picture, its dominant
/// colour and its focus.
result<job_result> image_preview(stored_image image, const job_context& context);

/// Writes the ladder: for every width of the settings that does not enlarge, or else once in its
/// own width, `w<width>.jpg`, `.webp`, `.avif` and `.png` as the settings ask; the quick formats
/// first. WebP is left out where a side is longer than WebP can hold.
result<job_result> image_renditions(stored_image image, const job_context& context);

} // namespace mediad::media
