#define CAF_SUITE base_machine

#include "base/machine.hpp"

#include "tests/temp_root.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>

using namespace mediad;

CAF_TEST(the memory is that of the machine) {
  const auto bytes = machine_memory("/no/such/mount");
  CAF_CHECK(bytes > std::uint64_t{64} << 20U);
  CAF_CHECK(bytes < std::uint64_t{1} << 50U);
}

CAF_TEST(a control group may leave less of it) {
  const tests::temp_root groups;
  const auto all = machine_memory(groups.path);
  std::ofstream{groups.path / "memory.max"} << "max\n";
  CAF_CHECK_EQUAL(machine_memory(groups.path), all);
  std::ofstream{groups.path / "memory.max"} << "1048576\n";
  CAF_CHECK_EQUAL(machine_memory(groups.path), 1'048'576u);
}
