pkg_check_modules(MEDIA_TEST_LIBRARIES REQUIRED IMPORTED_TARGET libjpeg lcms2 libzip zlib)
add_library(mediad_media_test_support STATIC support.cpp)
target_link_libraries(mediad_media_test_support PUBLIC mediad_media_light PkgConfig::MEDIA_TEST_LIBRARIES
                                                PRIVATE mediad_warnings)

mediad_suites(media
  LIBS mediad_media_test_support mediad_media_worker nlohmann_json::nlohmann_json
  SUITES archive identify image image_color image_damage protocol thumbhash worker)
target_compile_definitions(mediad_tests_media PRIVATE MEDIAD_CODEC="$<TARGET_FILE:mediad-codec>")
add_dependencies(mediad_tests_media mediad-codec)
