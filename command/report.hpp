#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace mediad::command {

/// What a check-up found, one line a check on standard output, each as soon as it is known.
class report {
public:
  void section(std::string_view title);
  void ok(std::string_view check, std::string_view detail = {});
  void failed(std::string_view check, std::string_view reason);
  /// Nothing is broken, but somebody should know.
  void unwise(std::string_view check, std::string_view why);

  /// True as long as nothing has failed.
  bool is_sound() const {
    return failures_ == 0;
  }

  /// The last line.
  void sum_up();

private:
  unsigned checks_ = 0;
  unsigned failures_ = 0;
};

} // namespace mediad::command
