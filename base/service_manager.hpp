#pragma once

#include <string_view>

namespace mediad {

/// Tells systemd, if it started this process with a notify socket, how the service stands:
/// assignments separated by line feeds, as sd_notify(3) lists them. Does nothing otherwise, and
/// never blocks: a service manager that does not listen must not stop a server.
void tell_service_manager(std::string_view state);

} // namespace mediad
