pkg_check_modules(POPPLER REQUIRED IMPORTED_TARGET poppler-cpp)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)

mediad_codec_kind(document
  SOURCES document_jobs.cpp document_scratch.cpp document_text.cpp
          office.cpp office_lock.cpp office_ole.cpp office_process.cpp
          pdf.cpp text_canvas.cpp text_pages.cpp text_reader.cpp text_table.cpp
  LIBS PkgConfig::POPPLER PkgConfig::PANGOCAIRO PkgConfig::LIBZIP nlohmann_json::nlohmann_json)
