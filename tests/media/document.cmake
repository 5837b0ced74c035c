find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)

mediad_suites(media PROGRAM media_document
  LIBS mediad_media_document nlohmann_json::nlohmann_json PkgConfig::LIBZIP PkgConfig::LIBARCHIVE
  SUITES document/listing document/source/pdf document/text/pages document/office/convert document/office/check document/office/lures document/office/warm
         document/source/pdf_hostile
  TIMEOUT 180)
target_sources(mediad_tests_media_document PRIVATE document/office/vba_project.cpp)
target_compile_definitions(mediad_tests_media_document PRIVATE MEDIAD_TEST_DATA="${MEDIAD_TEST_DATA}"
                                                               MEDIAD_CODEC="$<TARGET_FILE:mediad-codec>")
add_dependencies(mediad_tests_media_document mediad-codec)

set_tests_properties(media.document.source.pdf media.document.text.pages media.document.office.convert
                     media.document.office.check media.document.office.lures media.document.office.warm
                     media.document.source.pdf_hostile
                     PROPERTIES FIXTURES_REQUIRED test_media)
