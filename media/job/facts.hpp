#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mediad::media {

/// A JSON object that is built member by member, for job_result::media. It is text from the start:
/// what one process puts together is never parsed there again.
class facts {
public:
  facts() = default;
  /// Goes on with @p object, the text() of other facts.
  explicit facts(std::string object);

  /// Each adds a member, once for each @p name.
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) void add(std::string_view name, Number value) {
    add_json(name, std::to_string(value));
  }
  void add(std::string_view name, bool value);
  void add(std::string_view name, double value); ///< A number that is not finite becomes null.
  void add(std::string_view name, std::string_view value); ///< Bytes that are not UTF-8: replaced.
  void add(std::string_view name, const char* value) {
    add(name, std::string_view{value});
  }
  void add(std::string_view name, const facts& object) {
    add_json(name, object.text_ + '}');
  }
  /// @param value a JSON text, for instance an array; the caller vouches for it.
  void add_json(std::string_view name, std::string_view value);

  /// The object as JSON, `{}` if it has no member.
  std::string text() const& {
    return text_ + '}';
  }
  std::string text() && {
    text_ += '}';
    return std::move(text_);
  }

private:
  std::string text_ = "{"; ///< All of it but the last brace.
};

/// The value of `media.damage`: a part of the file is missing or cannot be read, and what was made
/// shows the rest.
inline constexpr std::string_view incomplete_media = "incomplete";

/// What workers say about one file, put together: the members of @p more replace or join those of
/// @p object. Both are untrusted text: one that is no JSON object, or nests deeper than 8 levels,
/// counts as an object without members.
std::string merged_facts(const std::string& object, const std::string& more);

} // namespace mediad::media
