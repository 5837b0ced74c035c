# Not find_package: Debian's CMake files of it name parts of packages that need not be here.
pkg_check_modules(OPENIMAGEIO REQUIRED IMPORTED_TARGET OpenImageIO)
pkg_check_modules(RSVG REQUIRED IMPORTED_TARGET librsvg-2.0 cairo)

mediad_codec_kind(deep_image
  SOURCES image/deep/deep_image.cpp image/deep/header.cpp kinds/deep_image_jobs.cpp image/deep/pixels.cpp image/deep/svg.cpp
  LIBS PkgConfig::OPENIMAGEIO PkgConfig::RSVG nlohmann_json::nlohmann_json)
