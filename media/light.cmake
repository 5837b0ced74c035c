pkg_check_modules(LIBWEBPDEMUX REQUIRED IMPORTED_TARGET libwebpdemux)
pkg_check_modules(LIBPNG REQUIRED IMPORTED_TARGET libpng)

mediad_codec_kind(light
  SOURCES light_jobs.cpp image_jpeg.cpp image_png.cpp image_webp.cpp
  LIBS PkgConfig::LIBJPEG PkgConfig::LIBWEBP PkgConfig::LIBWEBPDEMUX PkgConfig::LIBPNG)
