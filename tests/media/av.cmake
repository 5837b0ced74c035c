mediad_suites(media_av
  LIBS mediad_media_av nlohmann_json::nlohmann_json
  SUITES av_input late_writer video_preview video_compress video_copy video_damage video_motion video_sounds video_sprite video_stream video_subtitles audio_preview audio_renditions
  TIMEOUT 120)
