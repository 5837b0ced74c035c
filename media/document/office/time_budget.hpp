#pragma once

#include <chrono>

namespace mediad::media::office {

/// The time that one run of LibreOffice may take: so much of the processors' time, because on a
/// busy machine the clock says nothing about the document; and ten times that by the clock.
class time_budget {
public:
  explicit time_budget(std::chrono::milliseconds limit);

  bool is_spent() const;
  /// How long it takes until is_spent() may become true, or is worth another look.
  std::chrono::milliseconds next_look() const;

private:
  std::chrono::milliseconds elapsed() const;

  std::chrono::milliseconds limit_;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::milliseconds used_before_; ///< By what ran already: an office started ahead.
};

} // namespace mediad::media::office
