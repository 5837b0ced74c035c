#pragma once

#include "storage/store.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mediad::command {

/// What an upkeep needs of the server.
struct upkeep_deps {
  storage::inspector inspect;
  std::function<result<storage::applied>(storage::change)> apply; ///< Waits for the answer.
  std::function<void(const std::string& id)> process_again;
  storage::settings settings; ///< For its rates.
};

/// Inspects what is stored on a thread of its own, while the server serves, whenever it is asked
/// to. Its thread yields processor and disk to all others.
class upkeep {
public:
  explicit upkeep(upkeep_deps deps);
  upkeep(const upkeep&) = delete;
  upkeep& operator=(const upkeep&) = delete;
  /// Ends an inspection that is under way.
  ~upkeep();

  /// Asks for an inspection that begins from now on, behind the one that is under way.
  /// @returns its number.
  std::uint64_t ask(bool verifies);

  /// What came of an inspection, or how far it is: `number`, `is_over`, and what report_json()
  /// says.
  /// @returns errc::not_found if it was not asked for; a later one answers for one before it.
  result<nlohmann::json> outcome(std::uint64_t number) const;

  /// A few lines for `/readyz?verbose`: numbers only, as everybody may read them.
  std::string text() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// An inspection's report, with the files that are lost by id and name.
nlohmann::json report_json(const storage::inspection_report& report);

} // namespace mediad::command
