#include "tests/media/document/office/vba_project.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace mediad::tests {
namespace {

constexpr std::size_t sector_bytes = 512;
constexpr std::size_t entry_bytes = 128;
constexpr std::size_t stream_bytes = 4098; // below 4,096 they would be kept elsewhere
constexpr std::size_t stream_sectors = (stream_bytes + sector_bytes - 1) / sector_bytes;
constexpr std::uint32_t end_of_chain = 0xFFFFFFFE;
constexpr std::uint32_t table_mark = 0xFFFFFFFD;
constexpr std::uint32_t none = 0xFFFFFFFF;

void put(std::string& bytes, std::size_t at, std::uint32_t value, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i)
    bytes.at(at + i) = static_cast<char>(value >> (8 * i));
}

std::string number(std::uint32_t value, std::size_t length) {
  std::string bytes(length, '\0');
  put(bytes, 0, value, length);
  return bytes;
}

// [MS-OVBA] 2.4.1: a container of one chunk in which nothing is repeated, filled up to be as long
// as a stream must be: what followed it there would be taken for more of it.
std::string compressed(std::string text) {
  constexpr std::size_t literals = 3640;
  text.resize(literals, '\n');
  std::string tokens;
  for (std::size_t at = 0; at < text.size(); at += 8)
    tokens += '\0' + text.substr(at, 8);
  return '\1' + number(static_cast<std::uint32_t>(tokens.size() - 1) | 0xB000U, 2) + tokens;
}

// [MS-OVBA] 2.3.4.2, with only what readers need.
std::string directory_of_modules() {
  const auto record = [](std::uint32_t id, const std::string& bytes) {
    return number(id, 2) + number(static_cast<std::uint32_t>(bytes.size()), 4) + bytes;
  };
  return record(0x0003, number(1252, 2)) + record(0x0004, "Project") + record(0x000F, number(1, 2))
         + record(0x0019, "Module1") + record(0x001A, "Module1") + record(0x0031, number(0, 4))
         + record(0x0021, "") + record(0x002B, "") + record(0x0010, "");
}

/// An entry of the directory ([MS-CFB] 2.6.1); the numbers are those of other entries.
struct entry {
  std::string_view name;
  char kind; ///< 1 a storage, 2 a stream, 5 the root.
  std::uint32_t right = none;
  std::uint32_t child = none;
  std::uint32_t stream = none; ///< Which of the streams, in the order they are written.
};

std::string bytes_of(const entry& one) {
  std::string bytes(entry_bytes, '\0');
  for (std::size_t i = 0; i < one.name.size(); ++i)
    bytes.at(2 * i) = one.name.at(i);
  put(bytes, 64, static_cast<std::uint32_t>(2 * one.name.size() + 2), 2);
  bytes.at(66) = one.kind;
  bytes.at(67) = 1;
  put(bytes, 68, none, 4);
  put(bytes, 72, one.right, 4);
  put(bytes, 76, one.child, 4);
  const bool is_stream = one.stream != none;
  const auto first = 3 + one.stream * static_cast<std::uint32_t>(stream_sectors);
  put(bytes, 116, is_stream ? first : end_of_chain, 4);
  put(bytes, 120, is_stream ? stream_bytes : 0, 4);
  return bytes;
}

// [MS-CFB] 2.2, with the allocation table in sector 0 and the directory in sectors 1 and 2.
std::string header() {
  std::string bytes(sector_bytes, '\0');
  bytes.replace(0, 8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  put(bytes, 24, 0x0003003E, 4);
  put(bytes, 28, 0x0009FFFE, 4);
  put(bytes, 32, 6, 2);
  put(bytes, 44, 1, 4);
  put(bytes, 48, 1, 4);
  put(bytes, 56, 4096, 4);
  put(bytes, 60, end_of_chain, 4);
  put(bytes, 68, end_of_chain, 4);
  bytes.replace(76, std::string::npos, std::string(sector_bytes - 76, '\xFF'));
  put(bytes, 76, 0, 4);
  return bytes;
}

std::string allocation_table(std::size_t streams) {
  std::string bytes(sector_bytes, '\xFF');
  put(bytes, 0, table_mark, 4);
  put(bytes, 4, 2, 4);
  put(bytes, 8, end_of_chain, 4);
  constexpr std::uint32_t sectors = stream_sectors;
  for (std::uint32_t i = 0; i < streams * sectors; ++i)
    put(bytes, 12 + std::size_t{4} * i, (i + 1) % sectors == 0 ? end_of_chain : 4 + i, 4);
  return bytes;
}

} // namespace

std::string vba_project(const std::string& source) {
  const std::vector<std::string> streams{
    compressed(directory_of_modules()),
    compressed("Attribute VB_Name = \"Module1\"\r\n" + source),
    "Module=Module1\r\n" + std::string(stream_bytes, '\n'),
  };
  const std::vector<entry> entries{
    {"Root Entry", 5, none, 1},    {"VBA", 1, 2, 3},
    {"PROJECT", 2, none, none, 2}, {"dir", 2, 4, none, 0},
    {"Module1", 2, none, none, 1},
  };
  auto file = header() + allocation_table(streams.size());
  std::string directory;
  for (const auto& one : entries)
    directory += bytes_of(one);
  directory.resize(2 * sector_bytes);
  file += directory;
  for (auto stream : streams) {
    stream.resize(stream_sectors * sector_bytes);
    file += stream;
  }
  return file;
}

} // namespace mediad::tests
