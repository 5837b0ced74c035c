find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)

mediad_suites(media_document
  LIBS mediad_media_document nlohmann_json::nlohmann_json PkgConfig::LIBZIP
  SUITES document_pdf document_text document_office
  TIMEOUT 180)
target_compile_definitions(mediad_tests_media_document PRIVATE MEDIAD_TEST_DATA="${MEDIAD_TEST_DATA}")

set_tests_properties(media_document.document_pdf media_document.document_text media_document.document_office
                     PROPERTIES FIXTURES_REQUIRED test_media)
