#pragma once

#include "media/av/handles.hpp"

/// What frames say about light and colours, as far as it can be true.
namespace mediad::media::av {

/// Takes away what @p frame says about the brightness of its scene or of the screen that it was
/// made on (SMPTE ST 2086, CTA-861.3), where no screen is like that: tone mapping goes by it.
void drop_wild_light(AVFrame& frame);

/// Takes away all that @p frame carries beside its samples, but for captions: it describes the
/// source, and encoders write it into their output or refuse it.
void drop_side_data(AVFrame& frame);

/// The value if it is one that ITU-T H.273 names, else unspecified.
AVColorPrimaries known_primaries(AVColorPrimaries said);
AVColorTransferCharacteristic known_transfer(AVColorTransferCharacteristic said);
AVColorSpace known_colours(AVColorSpace said);

} // namespace mediad::media::av
