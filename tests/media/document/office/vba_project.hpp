#pragma once

#include <string>

namespace mediad::tests {

/// A vbaProject.bin ([MS-OVBA]) with one module of this source, at most 3,600 bytes.
std::string vba_project(const std::string& source);

} // namespace mediad::tests
