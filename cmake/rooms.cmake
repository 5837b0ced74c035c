# Ours alone: third-party headers never see these flags.
add_library(mediad_warnings INTERFACE)
target_compile_options(mediad_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                                                 -Wold-style-cast $<$<BOOL:${MEDIAD_WERROR}>:-Werror>)

# One static library per room, of the sources named (relative to the room's folder).
function(mediad_room name)
  add_library(mediad_${name} STATIC ${ARGN})
  target_include_directories(mediad_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(mediad_${name} PRIVATE mediad_warnings)
  if(NOT name STREQUAL base)
    target_link_libraries(mediad_${name} PUBLIC mediad_base)
  endif()
endfunction()

# One program of CAF suites for a room: mediad_suites(storage LIBS mediad_storage SUITES lmdb catalog).
# Each suite is tests/<room>/<suite>.cpp, starts with `#define CAF_SUITE <room>_<suite>`, and is one CTest entry.
function(mediad_suites room)
  cmake_parse_arguments(arg "" "TIMEOUT" "LIBS;SUITES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  list(TRANSFORM arg_SUITES REPLACE "(.+)" "${CMAKE_CURRENT_SOURCE_DIR}/\\1.cpp" OUTPUT_VARIABLE files)
  set(program mediad_tests_${room})
  add_executable(${program} ${PROJECT_SOURCE_DIR}/tests/main.cpp ${files})
  target_link_libraries(${program} PRIVATE ${arg_LIBS} CAF::core mediad_warnings)
  foreach(suite IN LISTS arg_SUITES)
    add_test(NAME ${room}.${suite} COMMAND ${program} -n -v 4 -r ${arg_TIMEOUT} -s "^${room}_${suite}$")
    # CAF's runner exits with 0 when no suite matches.
    set_tests_properties(${room}.${suite} PROPERTIES TIMEOUT ${arg_TIMEOUT}
                         FAIL_REGULAR_EXPRESSION "tests: +0[^0-9]")
  endforeach()
endfunction()
