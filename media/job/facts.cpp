#include "media/job/facts.hpp"

#include <nlohmann/json.hpp>

namespace mediad::media {
namespace {

std::string text_of(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The depth is limited because dump() and the destructor work by recursion: a worker that was taken
// over could otherwise end the server with one packet of brackets.
nlohmann::ordered_json parse_object(const std::string& text) {
  using json = nlohmann::ordered_json;
  constexpr int max_depth = 8; // as the storage has it
  bool too_deep = false;
  const auto is_shallow = [&too_deep](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth > max_depth;
    return !too_deep;
  };
  auto parsed = json::parse(text, is_shallow, false);
  return too_deep || !parsed.is_object() ? json::object() : parsed;
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
  auto merged = parse_object(object);
  merged.update(parse_object(more));
  return merged.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace mediad::media
