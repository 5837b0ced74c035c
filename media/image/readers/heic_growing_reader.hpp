#pragma once

#include "media/bytes/growing_input.hpp"

#include <cstdint>
#include <libheif/heif.h>

namespace mediad::media {

/// Gives libheif a file that arrives, and waits for no byte that it does not ask for: its `meta`
/// box says where the thumbnail is, which phones put in front of the picture itself.
class growing_heic_reader {
public:
  /// @param input  outlives it.
  explicit growing_heic_reader(growing_input& input) : input_{input} {}

  /// For heif_context_read_from_reader(), with this object as its user data. Both outlive the
  /// context.
  static const heif_reader& functions();

  /// To be called when heif_context_read_from_reader() has returned: pictures are read from here
  /// on.
  void opened() {
    now_ = phase::pictures;
  }

  /// The file up to the end of its `meta` box, for which it waits; empty if unknown.
  std::string beginning();

  /// Before it is opened: libheif gets small items as they are, and Exif is one, as soon as they
  /// have arrived.
  void keep_small_items() {
    keeps_small_items_ = true;
  }

private:
  /// What libheif does: it goes from box to box, keeps a copy of every item, decodes.
  enum class phase : std::uint8_t { boxes, items, pictures };

  /// Whether @p bytes bytes from @p offset on belong to an item that is only kept.
  bool is_of_no_use(std::uint64_t offset, std::size_t bytes) const {
    constexpr std::size_t max_small_bytes = 64U << 10U;
    return now_ == phase::items && offset >= end_of_meta_
           && !(keeps_small_items_ && bytes <= max_small_bytes);
  }
  void look_for_meta();
  /// Whether libheif asks for bytes behind the `meta` box to learn that there is none.
  bool looks_for_end(std::uint64_t wanted);
  heif_reader_grow_status wait_for(std::int64_t size);
  int read(void* into, std::size_t count);
  /// Where the `meta` box ends (ISO/IEC 14496-12, 4.2 and 8.11.1); 0 if no such box comes among the
  /// first ones.
  std::uint64_t find_end_of_meta();

  growing_input& input_;
  std::uint64_t position_ = 0;
  std::uint64_t end_of_meta_ = 0;
  /// Zeros handed to libheif for items that it only copies; bounded by max_invented_bytes.
  std::uint64_t invented_bytes_ = 0;
  phase now_ = phase::boxes;
  bool has_met_end_ = false; ///< An older libheif has heard that nothing follows.
  bool has_looked_ = false;  ///< True once end_of_meta_ has been searched for.
  bool keeps_small_items_ = false;
};

} // namespace mediad::media
