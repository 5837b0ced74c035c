#include "command/command_line.hpp"

int main(int argc, char** argv) {
  return mediad::command::run(argc, argv);
}
