#include "media/av/output.hpp"

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <span>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mediad::media::av {
namespace {

constexpr int io_buffer_bytes = 256 * 1024;

io_ptr make_io(void* opaque, bool writes, int (*read)(void*, std::uint8_t*, int),
               decltype(AVIOContext::write_packet) write,
               std::int64_t (*seek)(void*, std::int64_t, int)) {
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(io_buffer_bytes));
  if (buffer == nullptr)
    throw std::bad_alloc{};
  io_ptr io{avio_alloc_context(buffer, io_buffer_bytes, writes ? 1 : 0, opaque, read, write, seek)};
  if (!io) {
    av_free(buffer);
    throw std::bad_alloc{};
  }
  return io;
}

std::int64_t seek_in(int fd, std::int64_t& position, std::int64_t offset, int whence) {
  struct stat status {};
  if (::fstat(fd, &status) != 0)
    return AVERROR(errno);
  switch (whence & ~AVSEEK_FORCE) {
  case AVSEEK_SIZE: return status.st_size;
  case SEEK_SET: return position = offset;
  case SEEK_CUR: return position += offset;
  case SEEK_END: return position = status.st_size + offset;
  default: return AVERROR(EINVAL);
  }
}

} // namespace

int mp4_output::write_sink(void* opaque, const std::uint8_t* from, int bytes) {
  auto& self = *static_cast<sink*>(opaque);
  const std::span<const std::uint8_t> all{from, static_cast<std::size_t>(bytes)};
  const int failed =
    self.late ? self.late->take(all, self.position) : write_at(self.fd.get(), all, self.position);
  if (failed != 0) {
    self.failed_with = failed;
    return AVERROR(failed);
  }
  self.position += bytes;
  return bytes;
}

std::int64_t mp4_output::seek_sink(void* opaque, std::int64_t offset, int whence) {
  auto& self = *static_cast<sink*>(opaque);
  // Seeking from the end, or to know the size, needs all that is under way.
  if (const int failed = self.late && whence != SEEK_SET ? self.late->drain() : 0; failed != 0) {
    self.failed_with = failed;
    return AVERROR(failed);
  }
  return seek_in(self.fd.get(), self.position, offset, whence);
}

int mp4_output::read_reader(void* opaque, std::uint8_t* into, int bytes) {
  auto& self = *static_cast<reader*>(opaque);
  ssize_t n = 0;
  do
    n = ::pread(self.fd, into, static_cast<std::size_t>(bytes), self.position);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return AVERROR(errno);
  if (n == 0)
    return AVERROR_EOF;
  self.position += n;
  return static_cast<int>(n);
}

std::int64_t mp4_output::seek_reader(void* opaque, std::int64_t offset, int whence) {
  auto& self = *static_cast<reader*>(opaque);
  return seek_in(self.fd, self.position, offset, whence);
}

int mp4_output::open_reader(AVFormatContext* context, AVIOContext** io, const char*, int flags,
                            AVDictionary**) {
  // The one thing that the muxer opens by name is its own output, to move the samples back.
  if ((flags & AVIO_FLAG_WRITE) != 0)
    return AVERROR(EPERM);
  auto again = std::make_unique<reader>();
  again->fd = static_cast<sink*>(context->opaque)->fd.get();
  *io = make_io(again.get(), false, read_reader, nullptr, seek_reader).release();
  static_cast<void>(again.release()); // close_reader frees it.
  return 0;
}

int mp4_output::close_reader(AVFormatContext*, AVIOContext* io) {
  delete static_cast<reader*>(io->opaque);
  free_io{}(io);
  return 0;
}

result<mp4_output> mp4_output::create(const folder_entry& file, const char* format) {
  auto fd = file.open(O_RDWR | O_CREAT | O_TRUNC);
  if (!fd)
    return fail(fd.error());
  mp4_output output;
  output.file_ = file;
  output.sink_ = std::make_unique<sink>();
  output.sink_->fd = std::move(*fd);
  // From FFmpeg 7 on, libav passes bytes that are const.
  const auto write = [](void* opaque, auto* from, int bytes) {
    return write_sink(opaque, from, bytes);
  };
  output.io_ = make_io(output.sink_.get(), true, nullptr, write, seek_sink);
  AVFormatContext* raw = nullptr;
  if (const int rc = avformat_alloc_output_context2(&raw, nullptr, format, nullptr); rc < 0)
    return fail_writing(rc, "avformat_alloc_output_context2");
  output.context_.reset(raw);
  raw->pb = output.io_.get();
  raw->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
  raw->opaque = output.sink_.get();
  raw->io_open = open_reader;
  raw->io_close2 = close_reader;
  return output;
}

mp4_output::~mp4_output() {
  if (sink_ && !file_.name.empty())
    file_.remove();
}

error mp4_output::why(int code, std::string_view call) const {
  return sink_->failed_with != 0 ? fail_errno(sink_->failed_with, call) : fail_writing(code, call);
}

result<AVStream*> mp4_output::add_stream(const AVCodecContext& encoder) {
  auto* stream = avformat_new_stream(context_.get(), nullptr);
  if (stream == nullptr)
    throw std::bad_alloc{};
  if (const int rc = avcodec_parameters_from_context(stream->codecpar, &encoder); rc < 0)
    return fail_writing(rc, "avcodec_parameters_from_context");
  stream->time_base = encoder.time_base;
  stream->avg_frame_rate = encoder.framerate;
  return stream;
}

result<AVStream*> mp4_output::add_copy(const AVStream& from) {
  auto* stream = avformat_new_stream(context_.get(), nullptr);
  if (stream == nullptr)
    throw std::bad_alloc{};
  if (const int rc = avcodec_parameters_copy(stream->codecpar, from.codecpar); rc < 0)
    return fail_writing(rc, "avcodec_parameters_copy");
  stream->codecpar->codec_tag = 0; // the source container's word for it
  stream->time_base = from.time_base;
  stream->avg_frame_rate = from.avg_frame_rate;
  return stream;
}

result<> mp4_output::begin() {
  dictionary options;
  options.set("movflags", "+faststart");
  return begin(options);
}

result<> mp4_output::begin_with_room(std::int64_t index_bytes) {
  dictionary options;
  options.set("moov_size", std::to_string(index_bytes));
  has_room_ = true;
  sink_->late.emplace(sink_->fd.get());
  return begin(options);
}

result<> mp4_output::begin_fragments() {
  dictionary options;
  const bool pictures = context_->streams[0]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
  options.set("movflags", std::string{"+delay_moov+default_base_moof+skip_trailer"}
                            + (pictures ? "+frag_keyframe" : ""));
  if (!pictures)
    options.set("frag_duration", "2000000");
  return begin(options);
}

result<> mp4_output::begin(dictionary& options) {
  if (const int rc = avformat_write_header(context_.get(), options.address()); rc < 0)
    return why(rc, "avformat_write_header");
  return {};
}

result<> mp4_output::write(AVPacket& packet, const AVStream& stream, AVRational base) {
  av_packet_rescale_ts(&packet, base, stream.time_base);
  packet.stream_index = stream.index;
  const int rc = av_interleaved_write_frame(context_.get(), &packet);
  if (rc < 0 || sink_->failed_with != 0)
    return why(rc, "av_interleaved_write_frame");
  return {};
}

result<> mp4_output::commit() && {
  const int rc = av_write_trailer(context_.get());
  avio_flush(io_.get());
  if (const int failed = sink_->late ? sink_->late->drain() : 0; failed != 0)
    sink_->failed_with = failed;
  if (has_room_ && rc == AVERROR(EINVAL) && sink_->failed_with == 0)
    return fail(errc::too_large, "more index than there was room for");
  if (rc < 0 || sink_->failed_with != 0)
    return why(rc, "av_write_trailer");
  if (auto ok = sink_->fd.close(); !ok)
    return ok;
  file_.name.clear();
  return {};
}

} // namespace mediad::media::av
