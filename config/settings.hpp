#pragma once

#include "actors/settings.hpp"
#include "base/log.hpp"
#include "media/settings.hpp"
#include "net/settings.hpp"
#include "storage/settings.hpp"

namespace mediad::config {

/// Every room's own struct, gathered; the defaults are written there and nowhere else.
struct settings {
  log::settings log;
  storage::settings storage;
  actors::settings actors;
  media::settings media;
  net::settings net;
};

} // namespace mediad::config
