# What folders with npm packages share: the programs, and a staging folder per build directory, so
# that the source tree stays clean and two build directories never disturb each other.
find_program(MEDIAD_NODE node DOC "Node.js 18.13 or newer")
find_program(MEDIAD_NPM npm DOC "npm 9 or newer")
if(NOT MEDIAD_NODE OR NOT MEDIAD_NPM)
  message(FATAL_ERROR "The page needs Node.js and npm, which are not installed: apt-get install nodejs npm")
endif()
execute_process(COMMAND ${MEDIAD_NODE} --version OUTPUT_VARIABLE mediad_node_version OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX REPLACE "^v" "" mediad_node_version "${mediad_node_version}")
if(mediad_node_version VERSION_LESS 18.13)
  message(FATAL_ERROR "The page needs Node.js 18.13 or newer; ${MEDIAD_NODE} is ${mediad_node_version}")
endif()

# mediad_npm_stage(<stage> <stamp> [OMIT_DEV]): installs the packages that package-lock.json of this
# folder names into <stage>/node_modules; only again when the lock changes. Needs the network once.
function(mediad_npm_stage stage stamp)
  set(here ${CMAKE_CURRENT_SOURCE_DIR})
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${stage}
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${here}/package.json ${here}/package-lock.json ${here}/.npmrc ${stage}
    COMMAND ${CMAKE_COMMAND} -E chdir ${stage} ${MEDIAD_NPM} ci --prefer-offline --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${here}/package.json ${here}/package-lock.json ${here}/.npmrc
    COMMENT "Installing the npm packages of ${CMAKE_CURRENT_SOURCE_DIR}"
    VERBATIM)
endfunction()

# mediad_npm_scripts(<target> <stage> <file>...): a target that puts the scripts of this folder beside
# the packages they import.
function(mediad_npm_scripts target stage)
  set(files ${ARGN})
  list(TRANSFORM files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  mediad_npm_stage(${stage} ${stage}/.installed)
  add_custom_command(
    OUTPUT ${stage}/.copied
    COMMAND ${CMAKE_COMMAND} -E copy ${files} ${stage}
    COMMAND ${CMAKE_COMMAND} -E touch ${stage}/.copied
    DEPENDS ${stage}/.installed ${files}
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${stage}/.copied)
endfunction()
