#pragma once

#include "base/error.hpp"
#include "base/record.hpp"

namespace mediad::actors {

/// What the owner of a file is told about why it failed: one sentence per code. The error's
/// detail never goes there.
failure_reason reason_for(errc code);

} // namespace mediad::actors
