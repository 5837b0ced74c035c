#pragma once

#include "base/file.hpp"
#include "base/folder.hpp"
#include "media/av/handles.hpp"
#include "media/av/late_writer.hpp"

#include <optional>

namespace mediad::media::av {

/// An MP4 (or WebM) file being written; commit() puts its index in front of the samples
/// (faststart). It carries no metadata of any kind and no dates, so the same input gives the same
/// bytes. If it is not committed, the destructor removes the file.
class mp4_output {
public:
  /// @param file is replaced if it exists.
  /// @param format libavformat's name of it: mp4 or webm.
  static result<mp4_output> create(const folder_entry& file, const char* format = "mp4");
  mp4_output(mp4_output&&) noexcept = default;
  mp4_output& operator=(mp4_output&&) = delete;
  ~mp4_output();

  /// A stream for what @p encoder makes; all of them before begin(). Owned by the output.
  result<AVStream*> add_stream(const AVCodecContext& encoder);

  /// A stream for packets of @p from as they are, without its tags. Otherwise as add_stream.
  result<AVStream*> add_copy(const AVStream& from);

  result<> begin();
  /// Instead of begin(): leaves @p index_bytes for the index at the front, so that nothing is moved
  /// in the end. commit() fails with errc::too_large if they are too few.
  result<> begin_with_room(std::int64_t index_bytes);
  /// Instead of begin(): writes fragments, each from one keyframe to the next (or two seconds of
  /// sound), and no index.
  result<> begin_fragments();

  /// Takes the packet's data. @param base the unit of its timestamps.
  result<> write(AVPacket& packet, const AVStream& stream, AVRational base);

  /// Writes the index, moves it to the front, closes. Reads and rewrites the file once.
  result<> commit() &&;

private:
  /// The file as libav writes it and, for the move, reads it. Lives on the heap, as libav keeps its
  /// address.
  struct sink {
    unique_fd fd;
    std::int64_t position = 0;
    int failed_with = 0;               ///< An errno, once writing failed.
    std::optional<late_writer> late{}; ///< Set while nothing is read back.
  };
  /// A second position in the same file.
  struct reader {
    int fd = -1;
    std::int64_t position = 0;
  };

  mp4_output() = default;
  result<> begin(dictionary& options);
  error why(int code, std::string_view call) const;

  static int write_sink(void* opaque, const std::uint8_t* from, int bytes);
  static std::int64_t seek_sink(void* opaque, std::int64_t offset, int whence);
  static int read_reader(void* opaque, std::uint8_t* into, int bytes);
  static std::int64_t seek_reader(void* opaque, std::int64_t offset, int whence);
  static int open_reader(AVFormatContext* context, AVIOContext** io, const char* url, int flags,
                         AVDictionary** options);
  static int close_reader(AVFormatContext* context, AVIOContext* io);

  folder_entry file_; ///< Without a name once this is committed or moved from.
  std::unique_ptr<sink> sink_;
  io_ptr io_;
  muxer_ptr context_;
  bool has_room_ = false; ///< There is room for the index at the front.
};

} // namespace mediad::media::av
