#include "base/log.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace mediad::log {
namespace {

format shape = format::text;

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>(
      "mediad", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    made->set_level(spdlog::level::warn);
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v", spdlog::pattern_time_type::utc);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(level l) {
  switch (l) {
  case level::debug: return spdlog::level::debug;
  case level::info: return spdlog::level::info;
  case level::warning: return spdlog::level::warn;
  case level::error: return spdlog::level::err;
  case level::off: return spdlog::level::off;
  }
  return spdlog::level::info;
}

void write(spdlog::level::level_enum level, std::string_view about, std::string_view message) {
  if (!logger().should_log(level))
    return;
  if (shape == format::text)
    return logger().log(level, "{}: {}", about, message);
  const nlohmann::ordered_json line{
    {"level", spdlog::level::to_string_view(level).data()}, {"about", about}, {"message", message}};
  auto text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  // The pattern opens the object with the time.
  logger().log(level, std::string_view{text}.substr(1));
}

} // namespace

void configure(settings s) {
  shape = s.shape;
  logger().set_level(to_spdlog(s.threshold));
  if (shape == format::json)
    logger().set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ",%v)", spdlog::pattern_time_type::utc);
}

void debug(std::string_view about, std::string_view message) {
  write(spdlog::level::debug, about, message);
}

void info(std::string_view about, std::string_view message) {
  write(spdlog::level::info, about, message);
}

void warning(std::string_view about, std::string_view message) {
  write(spdlog::level::warn, about, message);
}

void error(std::string_view about, std::string_view message) {
  write(spdlog::level::err, about, message);
}

void error(std::string_view about, const mediad::error& e) {
  error(about, to_string(e.code) + ": " + e.detail);
}

} // namespace mediad::log
