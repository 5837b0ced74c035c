pkg_check_modules(POPPLER REQUIRED IMPORTED_TARGET poppler-cpp)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)

mediad_codec_kind(document
  SOURCES document/listing.cpp document/jobs.cpp document/office/scratch_directory.cpp document/text_file.cpp
          document/office/convert.cpp document/office/check.cpp document/office/lock.cpp bytes/compound_file.cpp document/office/process.cpp document/office/run.cpp document/office/sheets.cpp document/office/warm.cpp
          document/source/pdf.cpp kinds/pdf_rehearsal.cpp document/text/canvas.cpp document/text/pages.cpp document/text/reader.cpp document/text/table.cpp
  LIBS PkgConfig::POPPLER PkgConfig::PANGOCAIRO PkgConfig::LIBZIP PkgConfig::LIBARCHIVE nlohmann_json::nlohmann_json)

# The same jobs with LibreOffice beside them: who reads PDFs alone needs no rights to start programs.
add_library(mediad-codec-office MODULE kinds/office_module.cpp)
set_target_properties(mediad-codec-office PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden
                      LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
target_link_libraries(mediad-codec-office PRIVATE mediad_media_document mediad_warnings)
target_link_options(mediad-codec-office PRIVATE -Wl,--as-needed -Wl,--exclude-libs,ALL -Wl,-z,defs)
add_dependencies(mediad-codec mediad-codec-office)
