#pragma once

#include "base/error.hpp"
#include "net/backend/services.hpp"

#include <optional>

/// The certificate and key under which the server speaks TLS. From any thread; both read files.
namespace mediad::net {

/// Reads both, for connections that begin from now on. If they cannot be used, those before stay.
/// @returns errors of tls_identity::load.
result<certificate_facts> load_identity(services& shared);

/// Reads again what may change while the server runs, which is both of them. The log says how it
/// went.
/// @returns the certificate that is in use now; nothing if no TLS is spoken; errors of
///          load_identity.
result<std::optional<certificate_facts>> reload(services& shared);

} // namespace mediad::net
