pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET libavformat libavcodec libavfilter libavutil libswscale libswresample)

mediad_codec_kind(av
  SOURCES audio.cpp audio_cover.cpp audio_encoder.cpp audio_loudness.cpp audio_renditions.cpp audio_resampler.cpp audio_track.cpp av.cpp av_decoder.cpp av_facts.cpp av_formats.cpp av_copy.cpp av_graph.cpp av_input.cpp
          av_jobs.cpp av_late_writer.cpp av_output.cpp av_rehearsal.cpp hls_playlist.cpp video_av1.cpp video_compress.cpp video_copy.cpp video_encoder.cpp video_motion.cpp video_frames.cpp video_pass.cpp video_policy.cpp video_preview.cpp
          video_shape.cpp video_sounds.cpp video_sprite.cpp video_stream.cpp video_subtitles.cpp waveform.cpp
  LIBS PkgConfig::FFMPEG nlohmann_json::nlohmann_json)
