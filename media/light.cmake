# Not find_package: the package files of Debian name programs of other packages.
pkg_check_modules(LIBWEBPDEMUX REQUIRED IMPORTED_TARGET libwebpdemux)
pkg_check_modules(LIBHEIF REQUIRED IMPORTED_TARGET libheif)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
find_package(GIF REQUIRED)

mediad_codec_kind(light
  SOURCES kinds/light_jobs.cpp image/animation.cpp image/animation_gif.cpp image/animation_webp.cpp archive/archive.cpp archive/zip_records.cpp archive/zip_writer.cpp
          kinds/early_preview.cpp image/readers/heic_growing_reader.cpp bytes/growing_input.cpp image/readers/jpeg_growing_source.cpp
          identify/identify.cpp identify/sniff_archive.cpp identify/sniff_container.cpp identify/sniff_document.cpp identify/sniff_image.cpp
          identify/sniff_sound.cpp identify/sniff_text.cpp identify/sniff_zip.cpp image/readers/avif.cpp image/readers/heic.cpp image/readers/jpeg.cpp
          image/readers/png.cpp image/readers/png_quick.cpp image/readers/png_rows.cpp image/readers/raw_preview.cpp image/readers/webp.cpp image/readers/jpeg_averages.cpp
          image/readers/jpeg_decoder.cpp image/readers/jpeg_symbols.cpp
  LIBS PkgConfig::LIBJPEG PkgConfig::LIBWEBP PkgConfig::LIBWEBPDEMUX PkgConfig::LIBWEBPMUX PkgConfig::LIBPNG
       PkgConfig::LIBAVIF PkgConfig::LIBHEIF PkgConfig::LIBDEFLATE GIF::GIF PkgConfig::LIBZIP PkgConfig::ZLIB
       nlohmann_json::nlohmann_json)
