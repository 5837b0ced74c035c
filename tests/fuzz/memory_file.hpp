#pragma once

#include "base/file.hpp"

#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

/// A file in memory that holds these bytes until the next call.
inline mediad::opened_file memory_file(const unsigned char* bytes, std::size_t size) {
  static const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, bytes, size, 0) != static_cast<ssize_t>(size))
    std::abort();
  return mediad::opened_file{file};
}
