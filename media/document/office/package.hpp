#pragma once

#include "base/file.hpp"
#include "media/bytes/zip_package.hpp"
#include "media/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mediad::media::office {

/// An element of XML that begins or ends: its name is the local one, behind a short prefix that
/// stands for its namespace whatever the file calls that: `w:p`, `text:p`.
struct element {
  std::string name;
  /// The value of an attribute, by its local name, or with the prefix of its namespace; empty if
  /// there is none.
  std::function<std::string(std::string_view)> attribute;
};

/// What is done with the XML of a part.
struct xml_handlers {
  std::function<void(const element&)> begin;
  std::function<void(const std::string& name)> end;
  std::function<void(std::string_view)> text;
};

/// A part that another one names (ECMA-376 part 2, 9.3).
struct relation {
  std::string id;
  std::string type;   ///< The last word of its URI: `slide`, `footnotes` …
  std::string target; ///< The part's name, without `..` and a leading slash.
};

/// An office file that is a ZIP of parts.
class package {
public:
  /// @returns nothing if it is no ZIP that zip_package opens.
  static std::optional<package> open(const opened_file& file, const limits& max);

  /// Reads a part as XML, in pieces. Refuses document types, so entities, and elements that are
  /// nested too deep; of all parts together no more than limits.max_markup_bytes are read.
  /// @returns false if it is not there, or is not all well-formed: what came before was handled.
  bool read(const std::string& part, const xml_handlers& handlers);

  /// The parts inside the file that @p part names; those of the file itself if it is empty.
  std::vector<relation> relations_of(const std::string& part);

private:
  package(zip_package archive, std::uint64_t max_bytes)
    : archive_{std::move(archive)}, left_{max_bytes} {}

  zip_package archive_;
  std::uint64_t left_; ///< Bytes of XML that may still be read.
};

} // namespace mediad::media::office
