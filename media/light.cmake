# Not find_package: the package files of Debian name programs of other packages.
pkg_check_modules(LIBWEBPDEMUX REQUIRED IMPORTED_TARGET libwebpdemux)
pkg_check_modules(LIBHEIF REQUIRED IMPORTED_TARGET libheif)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
find_package(GIF REQUIRED)

mediad_codec_kind(light
  SOURCES light_jobs.cpp animation.cpp animation_gif.cpp animation_webp.cpp archive.cpp archive_layout.cpp archive_writer.cpp
          early_preview.cpp growing_heic_reader.cpp growing_input.cpp growing_jpeg_source.cpp
          identify.cpp identify_archive.cpp identify_container.cpp identify_document.cpp identify_image.cpp
          identify_sound.cpp identify_text.cpp identify_zip.cpp image_avif.cpp image_heic.cpp image_jpeg.cpp
          image_png.cpp image_png_quick.cpp image_png_rows.cpp image_raw.cpp image_webp.cpp jpeg_averages.cpp
          jpeg_decoder.cpp jpeg_symbols.cpp
  LIBS PkgConfig::LIBJPEG PkgConfig::LIBWEBP PkgConfig::LIBWEBPDEMUX PkgConfig::LIBWEBPMUX PkgConfig::LIBPNG
       PkgConfig::LIBAVIF PkgConfig::LIBHEIF PkgConfig::LIBDEFLATE GIF::GIF PkgConfig::LIBZIP PkgConfig::ZLIB
       nlohmann_json::nlohmann_json)
