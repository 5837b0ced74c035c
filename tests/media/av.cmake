mediad_suites(media PROGRAM media_av
  LIBS mediad_media_av nlohmann_json::nlohmann_json
  SUITES av/input av/late_writer video/preview video/compress video/copy video/damage video/motion video/hls/sounds video/sprite video/hls/stream video/subtitles audio/preview audio/renditions
  TIMEOUT 120)
