#pragma once

#include "command/instance.hpp"
#include "command/report.hpp"
#include "command/samples.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mediad::command {

/// A sample and the id under which the server knows it.
struct sent_sample {
  sample file;
  std::string id;
};

/// Asks over HTTP for all that came of a file that has ended, and compares it with its promises.
void check_sample(const instance& running, const sent_sample& sent, report& r);

/// The person's own view: every original under its real name, and what was made of them.
void check_user_folders(const std::filesystem::path& root, const std::string& user,
                        const std::vector<sent_sample>& sent, report& r);

} // namespace mediad::command
