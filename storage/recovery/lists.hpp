#pragma once

#include "storage/catalog/database.hpp"

namespace mediad::storage {

/// Makes the lists anew if they do not follow from the records: at the first start of a release
/// that has lists, after one that has none has written, and if an inspection has found a file
/// missing in them. It takes the time of what is stored; log and systemd hear how far it is. If it
/// is cut short, the next start goes on from there.
result<> complete_lists(database& db);

} // namespace mediad::storage
