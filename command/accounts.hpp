#pragma once

#include "base/error.hpp"
#include "storage/changes.hpp"
#include "storage/view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>

namespace mediad::command {

/// Has one change applied, and waits for it.
using change_applier = std::function<result<storage::applied>(storage::change)>;

/// Does what `mediad user` asks, in a running server or on a store that is opened for it:
///
///     {"what":"add","name":…,"password":hash,"role":"admin","quota":bytes,"takes_over":name}
///     {"what":"list"}
///     {"what":"password","name":…,"password":hash}
///     {"what":"disable"|"enable","name":…}
///     {"what":"quota","name":…,"quota":bytes}
///     {"what":"remove","name":…,"heir":name}   without an heir the files are deleted, by `clear`
///     {"what":"clear"}                         some of them: until `removed` is 0
///     {"what":"token","name":…,"called":…,"scopes":bits}
///     {"what":"link","name":…}
///     {"what":"totp_off","name":…}
///
/// @returns `{}`, of `clear` `{"removed":n}`, of `list` `{"users":[…]}`, of `token` `{"token":…}`,
///          of `link` `{"address":…}` below that of the page; errc::bad_request for anything else;
///          the errors of the change.
result<nlohmann::json> manage_users(const nlohmann::json& request, const storage::view& files,
                                    const change_applier& apply);

} // namespace mediad::command
