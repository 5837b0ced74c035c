pkg_check_modules(MEDIA_TEST_LIBRARIES REQUIRED IMPORTED_TARGET libjpeg lcms2 libzip zlib)
pkg_check_modules(IMAGE_TEST_LIBRARIES REQUIRED IMPORTED_TARGET libwebpdemux libheif)
find_package(GIF REQUIRED)
add_library(mediad_media_test_support STATIC support/pictures.cpp)
target_link_libraries(mediad_media_test_support PUBLIC mediad_media_light PkgConfig::MEDIA_TEST_LIBRARIES
                                                PRIVATE mediad_warnings)

mediad_suites(media
  LIBS mediad_media_test_support mediad_media_worker PkgConfig::IMAGE_TEST_LIBRARIES GIF::GIF nlohmann_json::nlohmann_json
  SUITES archive/archive kinds/early_preview identify/identify image/still picture/color image/readers/damage image/readers/formats image/readers/jpeg_averages job/packets worker/sandbox/sandbox
         picture/thumbhash worker/worker)
target_sources(mediad_tests_media PRIVATE worker/sandbox/escapes.cpp support/heic_file.cpp)
target_compile_definitions(mediad_tests_media PRIVATE
  MEDIAD_CODEC="$<TARGET_FILE:mediad-codec>"
  MEDIAD_TAKEN_OVER_WORKER="$<TARGET_FILE:mediad-taken-over-worker>")
add_dependencies(mediad_tests_media mediad-codec mediad-taken-over-worker)

# A worker whose jobs try to escape from its sandbox.
add_executable(mediad-taken-over-worker worker/sandbox/taken_over_worker.cpp worker/sandbox/escapes.cpp)
target_link_libraries(mediad-taken-over-worker PRIVATE mediad_media_worker nlohmann_json::nlohmann_json mediad_warnings)
