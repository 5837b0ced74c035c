#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

/// The server's log: one line an event, as text or as JSON, to standard error. Private detail
/// (paths, errno, decoder messages) belongs here and nowhere else.
namespace mediad::log {

enum class level { debug, info, warning, error, off };
enum class format { text, json };

struct settings {
  level threshold = level::info;
  format shape = format::text;
};

/// Call once, before any thread starts. Until then, and in tests, warnings and errors are shown.
void configure(settings s);

/// @param about  the upload's id, or the part that speaks (`storage`, `pool`).
void debug(std::string_view about, std::string_view message);
void info(std::string_view about, std::string_view message);
void warning(std::string_view about, std::string_view message);
void error(std::string_view about, std::string_view message);
void error(std::string_view about, const mediad::error& e);

} // namespace mediad::log
