find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)

mediad_suites(media_document
  LIBS mediad_media_document nlohmann_json::nlohmann_json PkgConfig::LIBZIP PkgConfig::LIBARCHIVE
  SUITES archive_listing document_pdf document_text document_office office_check office_lures office_warm
         pdf_hostile
  TIMEOUT 180)
target_sources(mediad_tests_media_document PRIVATE vba_project.cpp)
target_compile_definitions(mediad_tests_media_document PRIVATE MEDIAD_TEST_DATA="${MEDIAD_TEST_DATA}"
                                                               MEDIAD_CODEC="$<TARGET_FILE:mediad-codec>")
add_dependencies(mediad_tests_media_document mediad-codec)

set_tests_properties(media_document.document_pdf media_document.document_text media_document.document_office
                     media_document.office_check media_document.office_lures media_document.office_warm
                     media_document.pdf_hostile
                     PROPERTIES FIXTURES_REQUIRED test_media)
