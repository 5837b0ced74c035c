#pragma once

#include "actors/settings.hpp"
#include "base/log.hpp"
#include "media/settings.hpp"
#include "net/settings.hpp"
#include "storage/settings.hpp"

namespace mediad::config {

/// Every room's own struct, gathered. The defaults are written there and nowhere else; ranges and
/// sentences are in options.cpp, media's in media/options.cpp.
struct settings {
  log::settings log;
  storage::settings storage;
  actors::settings actors;
  media::settings media;
  net::settings net;
};

} // namespace mediad::config
