# Writes a C++ file that holds every file of a folder: the definition of mediad::web::assets().
# Run: cmake -DDIST=<folder> -DOUT=<file.cpp> -P web/embed.cmake
cmake_minimum_required(VERSION 3.25)

set(type_.html "text/html; charset=utf-8")
set(type_.js "text/javascript; charset=utf-8")
set(type_.css "text/css; charset=utf-8")
set(type_.json "application/json")
set(type_.svg "image/svg+xml")
set(type_.woff2 "font/woff2")
set(type_.txt "text/plain; charset=utf-8")

# `/` is index.html, and the table is ordered by path: find_asset() halves it.
file(GLOB files RELATIVE "${DIST}" "${DIST}/*")
list(REMOVE_ITEM files index.html)
list(SORT files COMPARE STRING CASE SENSITIVE)
list(PREPEND files index.html)

# .incbin keeps the bytes out of the compiler: one symbol at the start, one at the end.
set(blobs "")
set(declarations "")
set(rows "")
set(number 0)
foreach(name IN LISTS files)
  get_filename_component(extension "${name}" LAST_EXT)
  if(NOT DEFINED type_${extension})
    message(FATAL_ERROR "web/embed.cmake does not know the media type of ${name}")
  endif()
  file(SHA256 "${DIST}/${name}" digest)
  string(SUBSTRING "${digest}" 0 32 digest)
  set(path "/${name}")
  if(name STREQUAL "index.html")
    set(path "/")
  endif()
  set(immutable false)
  if(name MATCHES "\\.[0-9A-Z]+\\.[a-z0-9]+$")
    set(immutable true)
  endif()
  set(symbol "mediad_web_asset_${number}")
  string(APPEND blobs "  \"${symbol}:\\n.incbin \\\"${DIST}/${name}\\\"\\n${symbol}_end:\\n.byte 0\\n\"\n")
  string(APPEND declarations "extern const char ${symbol}[];\nextern const char ${symbol}_end[];\n")
  string(APPEND rows "  asset{\"${path}\", \"${type_${extension}}\", between(${symbol}, ${symbol}_end), "
                     "\"\\\"${digest}\\\"\", ${immutable}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE "${OUT}" "// Made by web/embed.cmake.
#include \"web/assets.hpp\"

#include <array>
#include <cstddef>

asm(\".pushsection .rodata.mediad_web, \\\"a\\\"\\n\"
${blobs}  \".popsection\\n\");

extern \"C\" {
${declarations}}

namespace mediad::web {
namespace {

std::string_view between(const char* first, const char* last) {
  return {first, static_cast<std::size_t>(last - first)};
}

} // namespace

std::span<const asset> assets() {
  static const std::array table{
${rows}  };
  return table;
}

} // namespace mediad::web
")
