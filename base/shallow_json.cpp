#include "base/shallow_json.hpp"

#include <nlohmann/json.hpp>

namespace mediad {

nlohmann::ordered_json parse_shallow_object(const std::string& text) {
  using json = nlohmann::ordered_json;
  constexpr int max_depth = 8;
  bool too_deep = false;
  const auto is_shallow = [&too_deep](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth > max_depth;
    return !too_deep;
  };
  auto parsed = json::parse(text, is_shallow, false);
  return too_deep || !parsed.is_object() ? json(nullptr) : parsed;
}

} // namespace mediad
