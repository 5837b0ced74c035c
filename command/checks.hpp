#pragma once

#include "command/report.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>

/// The parts of `mediad doctor` that only look.
namespace mediad::command {

/// The user, store and system roots and all their sub folders. A root that does not exist yet, or
/// is empty, is laid out first, as the first start would.
void check_folders(const std::filesystem::path& root, report& r);

/// Opens the database for reading, and reads from it. A running server is not disturbed.
void check_database(const storage::settings& s, report& r);

/// Compares all files with the disk, and heals what it can: in the running server, if one runs,
/// which is waited for. A check before that has failed leaves it out.
/// @param verifies  reads all stored bytes, too.
void check_store(const storage::settings& s, bool verifies, report& r);

/// Starts a worker of every kind and says what protects its jobs; looks for LibreOffice.
void check_tools(const config::settings& s, report& r);

/// From where the server can be reached, and by whom.
void check_access(const config::settings& s, report& r);

void check_free_space(const storage::settings& s, report& r);

/// Where @p program is: itself if it names a path, else what PATH leads to.
std::optional<std::filesystem::path> find_program(const std::string& program);

} // namespace mediad::command
