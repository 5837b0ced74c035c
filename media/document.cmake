pkg_check_modules(POPPLER REQUIRED IMPORTED_TARGET poppler-cpp)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)

mediad_codec_kind(document
  SOURCES archive_listing.cpp document_jobs.cpp document_scratch.cpp document_text.cpp
          office.cpp office_check.cpp office_lock.cpp office_ole.cpp office_process.cpp office_run.cpp office_sheets.cpp office_warm.cpp
          pdf.cpp pdf_rehearsal.cpp text_canvas.cpp text_pages.cpp text_reader.cpp text_table.cpp
  LIBS PkgConfig::POPPLER PkgConfig::PANGOCAIRO PkgConfig::LIBZIP PkgConfig::LIBARCHIVE nlohmann_json::nlohmann_json)

# The same jobs with LibreOffice beside them: who reads PDFs alone needs no rights to start programs.
add_library(mediad-codec-office MODULE worker/office_module.cpp)
set_target_properties(mediad-codec-office PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden
                      LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
target_link_libraries(mediad-codec-office PRIVATE mediad_media_document mediad_warnings)
target_link_options(mediad-codec-office PRIVATE -Wl,--as-needed -Wl,--exclude-libs,ALL -Wl,-z,defs)
add_dependencies(mediad-codec mediad-codec-office)
