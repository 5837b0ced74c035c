#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "media/document/source/page_source.hpp"
#include "media/settings.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace poppler {
class document;
}

namespace mediad::media {

/// A PDF file, read by poppler. What takes longer than limits.max_page_s (a page, or opening the
/// file) is given up as errc::too_large: trying again would take as long.
class pdf_document final : public page_source {
public:
  /// A file that was cut off or is padded behind its end is read as far as poppler can repair it.
  /// @returns errc::password_protected if it needs a password; errc::too_large for more pages than
  ///   the limit; errc::corrupt_media if it cannot be read or has no page.
  static result<std::unique_ptr<pdf_document>> open(const opened_file& file, const limits& max);
  ~pdf_document() override;

  std::uint32_t drawable_pages() const override;
  result<picture> draw(std::uint32_t index, std::uint32_t box) override;
  /// They hold `damage` if the file was cut off: pages may be missing.
  nlohmann::json facts() const override;

  /// The text of page @p index in reading order, UTF-8; empty for a page that has none or is
  /// damaged.
  /// @returns errc::too_large if that takes longer than limits.max_page_s.
  result<std::string> text(std::uint32_t index) const;

private:
  pdf_document(std::shared_ptr<poppler::document> document, bool is_whole, const limits& max);

  /// Shared with the thread that draws a page: after the time limit it goes on, and needs it.
  std::shared_ptr<poppler::document> document_;
  bool is_whole_;
  std::uint64_t max_pixels_;
  std::chrono::milliseconds page_time_;
};

} // namespace mediad::media
