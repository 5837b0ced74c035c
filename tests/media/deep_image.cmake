pkg_check_modules(OPENIMAGEIO REQUIRED IMPORTED_TARGET OpenImageIO)

mediad_suites(media PROGRAM media_deep
  LIBS mediad_media_deep_image mediad_media_test_support PkgConfig::OPENIMAGEIO nlohmann_json::nlohmann_json
  SUITES image/deep/deep_image)
