#pragma once

#include "base/options/value.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>

/// How an option is described: once, in the row that makes it (see kinds.hpp).
namespace mediad::options {

/// One thing an operator may change, which a member of @p Settings keeps. Loading, checking,
/// `config show`, both generated files and the message that gives a worker its settings know an
/// option by this and by nothing else.
template <class Settings>
struct option {
  std::string section;
  std::string key;
  std::string doc;     ///< One sentence for the operator.
  std::string allowed; ///< What set() accepts, in words: `a whole number, 1..64`.

  /// Writes @p v into its member; false and no change if it is not allowed.
  std::function<bool(Settings& s, const value& v)> set;
  /// What a command line or the environment says, as the file would say it.
  std::function<value(std::string_view text)> from_text;
  /// The member as the file would say it.
  std::function<value(const Settings& s)> get;

  /// The member in its own unit, for another process of this program: nothing is rounded.
  std::function<nlohmann::json(const Settings& s)> to_json;
  /// The inverse. Takes also what set() would refuse, as the sender has checked it; throws
  /// nlohmann::json::exception if @p j has another type.
  std::function<void(Settings& s, const nlohmann::json& j)> from_json;

  /// `section.key`
  std::string name() const {
    return section + '.' + key;
  }

  /// `MEDIAD_SECTION__KEY`
  std::string variable() const {
    return variable_of(section, key);
  }
};

/// The same option, of the @p part of a larger struct.
template <class Whole, class Part>
option<Whole> within(const option<Part>& o, Part Whole::*part) {
  return {o.section,
          o.key,
          o.doc,
          o.allowed,
          [set = o.set, part](Whole& s, const value& v) { return set(s.*part, v); },
          o.from_text,
          [get = o.get, part](const Whole& s) { return get(s.*part); },
          [to_json = o.to_json, part](const Whole& s) { return to_json(s.*part); },
          [from_json = o.from_json, part](Whole& s, const nlohmann::json& j) {
            from_json(s.*part, j);
          }};
}

/// The same option, of a struct that @p Base is a base of.
template <class Derived, class Base>
option<Derived> inherited(const option<Base>& o) {
  return {o.section, o.key, o.doc, o.allowed, o.set, o.from_text, o.get, o.to_json, o.from_json};
}

} // namespace mediad::options
