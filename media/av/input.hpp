#pragma once

#include "base/file.hpp"
#include "media/av/handles.hpp"
#include "media/settings.hpp"

#include <span>
#include <vector>

namespace mediad::media::av {

/// How much of a file is looked at before its streams are believed.
enum class analysis {
  header, ///< Only the header when it says all that decoding needs: quick, for previews.
  full,   ///< Some packets of every stream too: exact frame rates and formats.
};

/// How a decoder is to work.
struct decoding {
  int threads = 0; ///< 0: as many as cores.
  bool keyframes_only = false;
  /// Skips the loop filter: visible only beside the exact picture, and it saves up to a third.
  bool rough = false;
};

/// One opened video or audio file. Only the demuxer that belongs to the file's media type ever sees
/// it, and no demuxer can open anything else: a playlist that is called `.mp4` stays a broken mp4.
class input {
public:
  /// @param media_type as identify found it; any other demuxer's files are errc::unsupported_media.
  /// @returns errc::corrupt_media, errc::unsupported_media, errc::too_large (streams, duration,
  ///          picture) or errc::storage_io.
  static result<input> open(const opened_file& file, std::string_view media_type, const limits& max,
                            analysis depth);

  // An opened file has at least one of these two.
  /// The picture to show: never cover art, and one that can be decoded here; or none.
  AVStream* video() const {
    return video_;
  }
  /// The sound that belongs to it, if any can be decoded here.
  AVStream* audio() const {
    return audio_;
  }
  unsigned streams() const {
    return context_->nb_streams;
  }
  AVStream& stream(unsigned index) const {
    return *context_->streams[index];
  }

  /// The next packet of any stream, or false at the end; damage that the demuxer cannot get past is
  /// an end too. @returns errc::storage_io if the disk fails.
  result<bool> read(AVPacket& into);

  /// Reads on and gives each packet to @p take, which is called with an AVPacket& and returns a
  /// result<bool>: false if it wants no more.
  /// @returns whether the end was reached; or the first error, of read() or of @p take.
  template <class Take>
  result<bool> each_packet(Take take) {
    const auto packet = make_packet();
    for (;;) {
      const auto more = read(*packet);
      if (!more || !*more)
        return more ? result<bool>{true} : fail(more.error());
      const result<bool> goes_on = take(*packet);
      if (!goes_on || !*goes_on)
        return goes_on;
    }
  }

  /// Goes to the last keyframe at or before @p at_s seconds from the start; false if it cannot.
  bool seek(double at_s);

  /// Goes to the first packet; false if it cannot.
  bool rewind();

  /// A decoder for one of its streams, bounded by the limits of open().
  result<codec_ptr> open_decoder(const AVStream& of, const decoding& how) const;

  /// Packets of streams other than these are not read from now on.
  void only(const AVStream* first, const AVStream* second = nullptr);
  void only(std::span<const AVStream* const> these);

  /// Seconds, by the header or else by the packets; empty if neither says.
  std::optional<double> duration_s() const;
  /// The same for one stream, or for the whole file where nothing is known of the stream; 0: never
  /// known.
  double length_s(const AVStream& of) const;
  /// Bit rate of the whole file, bit/s; 0: unknown.
  std::int64_t bit_rate() const;
  /// The time of its first packet, seconds: from where all other times here count.
  double start_s() const;
  /// How long the header says that the file is, seconds; empty where the length was estimated.
  std::optional<double> promised_s() const {
    return promised_s_;
  }
  /// The same for one stream.
  std::optional<double> promised_s(const AVStream& of) const;
  /// Samples of a sound whose last block holds more than is to be heard; empty for all others.
  std::optional<std::int64_t> counted_samples() const {
    return counted_samples_;
  }
  /// Bytes.
  std::int64_t size() const {
    return source_->size;
  }
  /// How far the file has been read, 0..1.
  double position() const;
  /// True if timestamps may jump in a sound file (MPEG-TS).
  bool may_jump() const {
    return (context_->iformat->flags & AVFMT_TS_DISCONT) != 0;
  }

  const AVDictionary* tags() const {
    return context_->metadata;
  }
  AVRational pixel_aspect(AVStream& of) const {
    return av_guess_sample_aspect_ratio(context_.get(), &of, nullptr);
  }

private:
  /// The file as libav reads it. Lives on the heap, as libav keeps its address.
  struct source {
    unique_fd fd;
    std::int64_t position = 0;
    std::int64_t size = 0;
    int failed_with = 0; ///< An errno, once reading failed.
  };

  input() = default;
  result<> connect(const opened_file& file);
  result<> parse(const AVInputFormat* format, const limits& max, analysis depth);
  result<> check(const limits& max) const;
  error why_nothing() const;
  void choose_streams();
  void note_promises();
  void note_riff_promise();
  bool is_length_guessed() const;
  result<> measure(const opened_file& file, const AVInputFormat* format, const limits& max);
  bool header_suffices() const;

  static int read_source(void* opaque, std::uint8_t* into, int bytes);
  static std::int64_t seek_source(void* opaque, std::int64_t offset, int whence);

  // The demuxer uses the I/O, which uses the source: they are destroyed in this order.
  std::unique_ptr<source> source_;
  io_ptr io_;
  demuxer_ptr context_;
  AVStream* video_ = nullptr;
  AVStream* audio_ = nullptr;
  std::optional<double> promised_s_;
  std::vector<std::optional<double>> promised_by_stream_;
  std::optional<std::int64_t> counted_samples_;
  std::optional<double> measured_s_; ///< Where the header is silent: the end of the last packet.
  std::vector<double> measured_by_stream_; ///< The same for each stream; 0: it has no packets.
  std::uint64_t max_pixels_ = 0;
};

} // namespace mediad::media::av
