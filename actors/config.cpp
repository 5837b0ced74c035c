#include "actors/config.hpp"

#include "actors/protocol.hpp"

namespace mediad::actors {

config::config() {
  add_message_types<caf::id_block::mediad>();
  add_error_category(caf::atom("mediad"),
                     [](std::uint8_t code, caf::atom_value, const caf::message& context) {
                       return to_string(static_cast<errc>(code)) + caf::to_string(context);
                     });
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-throughput", std::size_t{50});
}

} // namespace mediad::actors
