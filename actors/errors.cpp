#include "actors/errors.hpp"

#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

namespace mediad {

caf::error to_caf(const error& e) {
  return caf::make_error(e.code, e.detail);
}

error from_caf(const caf::error& problem) {
  if (problem.category() == caf::atom("mediad")) {
    const auto& context = problem.context();
    return fail(static_cast<errc>(problem.code()), context.match_elements<std::string>()
                                                     ? context.get_as<std::string>(0)
                                                     : std::string{});
  }
  if (problem == caf::sec::request_timeout)
    return fail(errc::timeout, "an actor did not answer in time");
  return fail(errc::internal, caf::to_string(problem));
}

} // namespace mediad
