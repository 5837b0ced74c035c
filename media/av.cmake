pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET libavformat libavcodec libavfilter libavutil libswscale libswresample)

mediad_codec_kind(av
  SOURCES audio/preview.cpp audio/cover.cpp audio/encoder.cpp audio/loudness.cpp audio/renditions.cpp audio/resampler.cpp video/sound_track.cpp av/handles.cpp av/decoder.cpp av/facts.cpp av/demuxers.cpp av/stream_copy.cpp av/filter_graph.cpp av/input.cpp
          kinds/av_jobs.cpp av/late_writer.cpp av/output.cpp kinds/av_rehearsal.cpp video/hls/playlist.cpp video/av1.cpp video/compress.cpp video/copy.cpp video/encoder.cpp video/motion.cpp video/stills.cpp video/pass.cpp video/policy.cpp video/preview.cpp
          av/shape.cpp video/hls/sounds.cpp video/sprite.cpp video/hls/stream.cpp video/subtitles.cpp audio/waveform.cpp
  LIBS PkgConfig::FFMPEG nlohmann_json::nlohmann_json)
