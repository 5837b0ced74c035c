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

# Compiles once for the target what most of its sources include: a compiler reads CAF, Asio and Beast for longer than
# any source of ours. A source includes what it uses all the same: script/check and the fuzzers compile without this.
function(mediad_precompile target)
  set(caf <caf/actor_system.hpp> <caf/replies_to.hpp> <caf/scoped_actor.hpp> <caf/send.hpp> <caf/stateful_actor.hpp>
          <caf/typed_actor.hpp> <caf/typed_event_based_actor.hpp> <caf/typed_response_promise.hpp>)
  set(net <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/ip/tcp.hpp> <boost/asio/steady_timer.hpp>
          <boost/asio/strand.hpp> <boost/asio/use_awaitable.hpp> <boost/beast/core/basic_stream.hpp>
          <boost/beast/http/message.hpp> <nlohmann/json.hpp>)
  set(headers <filesystem> <functional> <memory> <optional> <string> <variant> <vector>)
  foreach(library IN LISTS ARGN)
    list(APPEND headers ${${library}})
  endforeach()
  target_precompile_headers(${target} PRIVATE ${headers})
  if(MEDIAD_CCACHE)
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# One program of CAF suites for a room, or with PROGRAM for a part of one:
#   mediad_suites(storage LIBS mediad_storage SUITES store catalog/lmdb recovery/recovery)
# Each suite is tests/<room>/<suite>.cpp, and is one CTest entry: storage.store, storage.catalog.lmdb, storage.recovery (a
# name that the folder has already is not said twice). Its file starts with the same name, `#define CAF_SUITE storage_catalog_lmdb`.
function(mediad_suites room)
  cmake_parse_arguments(arg "" "TIMEOUT;PROGRAM" "LIBS;SUITES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(NOT arg_PROGRAM)
    set(arg_PROGRAM ${room})
  endif()
  list(TRANSFORM arg_SUITES REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/tests/${room}/\\1.cpp" OUTPUT_VARIABLE files)
  set(program mediad_tests_${arg_PROGRAM})
  add_executable(${program} ${PROJECT_SOURCE_DIR}/tests/main.cpp ${files})
  target_link_libraries(${program} PRIVATE ${arg_LIBS} CAF::core mediad_warnings)
  foreach(path IN LISTS arg_SUITES)
    # CMake's expressions cannot refer back to what they have matched.
    cmake_path(GET path FILENAME name)
    cmake_path(APPEND room ${path} OUTPUT_VARIABLE suite)
    cmake_path(GET suite PARENT_PATH folder)
    if(folder MATCHES "(^|/)${name}$")
      set(suite ${folder})
    endif()
    string(REPLACE / . test ${suite})
    string(REPLACE / _ suite ${suite})
    add_test(NAME ${test} COMMAND ${program} -n -v 4 -r ${arg_TIMEOUT} -s "^${suite}$")
    # CAF's runner exits with 0 when no suite matches.
    set_tests_properties(${test} PROPERTIES TIMEOUT ${arg_TIMEOUT} FAIL_REGULAR_EXPRESSION "tests: +0[^0-9]")
  endforeach()
endfunction()
