#pragma once

#include <caf/actor_system_config.hpp>

namespace mediad::actors {

/// CAF's own settings for this program: our messages and error names, one shared run queue, and
/// no actor that keeps a thread for more than 50 messages (measured: docs/decisions).
class config : public caf::actor_system_config {
public:
  config();
};

} // namespace mediad::actors
