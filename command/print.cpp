#include "command/print.hpp"

#include "command/command_line.hpp"

#include <iostream>

namespace mediad::command {

int print(std::string_view text) {
  std::cout << text << std::flush;
  return std::cout ? exit_ok : exit_failed;
}

int complain(const std::vector<std::string>& problems, int status) {
  for (const auto& problem : problems)
    std::cerr << "mediad: " << problem << '\n';
  return status;
}

} // namespace mediad::command
