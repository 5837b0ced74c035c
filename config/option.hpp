#pragma once

#include "config/settings.hpp"
#include "config/value.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mediad::config {

/// One thing an operator may change. Loading, checking, `config show` and both generated files
/// know an option by this and by nothing else.
struct option {
  std::string section;
  std::string key;
  std::string doc;     ///< One sentence for the operator.
  std::string allowed; ///< What set() accepts, in words: `a whole number, 1..64`.

  /// Writes @p v into its member; false and no change if it is not allowed.
  std::function<bool(settings& s, const value& v)> set;
  /// What a command line or the environment says, as the file would say it.
  std::function<value(std::string_view text)> from_text;
  /// The member as the file would say it.
  std::function<value(const settings& s)> get;

  /// `section.key`
  std::string name() const;
  /// `MEDIAD_SECTION__KEY`
  std::string variable() const;
};

/// All of them, in the order in which they are documented; those of a section are together.
const std::vector<option>& options();

/// One sentence about a section, for the generated files.
std::string_view about_section(std::string_view section);

} // namespace mediad::config
