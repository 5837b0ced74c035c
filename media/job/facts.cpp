#include "media/job/facts.hpp"

#include "base/shallow_json.hpp"

#include <nlohmann/json.hpp>

namespace mediad::media {
namespace {

std::string text_of(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::ordered_json members_of(const std::string& text) {
  auto parsed = parse_shallow_object(text);
  return parsed.is_null() ? nlohmann::ordered_json::object() : parsed;
}

} // namespace

facts::facts(std::string object) : text_{std::move(object)} {
  text_.pop_back();
}

void facts::add(std::string_view name, bool value) {
  add_json(name, value ? "true" : "false");
}

void facts::add(std::string_view name, double value) {
  add_json(name, text_of(value));
}

void facts::add(std::string_view name, std::string_view value) {
  add_json(name, text_of(value));
}

void facts::add_json(std::string_view name, std::string_view value) {
  if (text_.size() > 1)
    text_ += ',';
  text_ += text_of(name);
  text_ += ':';
  text_ += value;
}

std::string merged_facts(const std::string& object, const std::string& more) {
  auto merged = members_of(object);
  merged.update(members_of(more));
  return merged.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace mediad::media
