#include "media/archive/zip_writer.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <libdeflate.h>
#include <memory>
#include <span>
#include <utility>
#include <zlib.h>

namespace mediad::media {
namespace {

// Large enough that the calls cost nothing, small enough for the second-level cache.
constexpr std::size_t piece_bytes = std::size_t{256} << 10U;

std::uint32_t crc_of(std::uint32_t so_far, std::string_view bytes) {
  return libdeflate_crc32(so_far, bytes.data(), bytes.size());
}

/// A raw deflate stream, which is what a ZIP holds.
class deflater {
public:
  deflater() {
    constexpr int raw = -MAX_WBITS;
    constexpr int memory_level = 8;
    ready_ = deflateInit2(&stream_, 6, Z_DEFLATED, raw, memory_level, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  deflater(const deflater&) = delete;
  deflater& operator=(const deflater&) = delete;
  ~deflater() {
    if (ready_)
      deflateEnd(&stream_);
  }

  /// Hands the deflated form of @p bytes to @p sink. @param last  no more bytes will follow.
  template <class Sink>
  result<> put(std::string_view bytes, bool last, Sink sink) {
    if (!ready_)
      return fail(errc::internal, "deflateInit2");
    // zlib only reads, though its interface has no const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      if (deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
        return fail(errc::internal, "deflate");
      const std::size_t made = out_.size() - stream_.avail_out;
      if (auto taken = sink(std::string_view{out_.data(), made}); !taken)
        return taken;
    } while (stream_.avail_out == 0);
    return {};
  }

private:
  z_stream stream_{};
  std::array<char, piece_bytes> out_{};
  bool ready_ = false;
};

// How long bytes may become that deflate cannot compress: five more for each 16 KiB, and some
// (zlib's deflateBound agrees).
std::uint64_t worst_deflated(std::uint64_t bytes) {
  return bytes + bytes / 1024 + 64;
}

} // namespace

archive_writer::archive_writer(folder_entry file, unique_fd out,
                               std::function<void(std::size_t)> copied)
  : file_{std::move(file)}, out_{std::move(out)}, copied_{std::move(copied)} {}

archive_writer::~archive_writer() {
  if (!file_.name.empty())
    file_.remove();
}

result<archive_writer> archive_writer::create(folder_entry file,
                                              std::function<void(std::size_t)> copied) {
  auto out = file.open(O_WRONLY | O_CREAT | O_TRUNC);
  if (!out)
    return fail(out.error());
  return archive_writer{std::move(file), std::move(*out), std::move(copied)};
}

result<> archive_writer::append(std::string_view bytes) {
  auto done = write_all(out_.get(), bytes, written_);
  if (done)
    written_ += bytes.size();
  return done;
}

zip_entry archive_writer::begin(const archive_source& source, zip_method method,
                                std::uint64_t packed) {
  zip_entry e;
  e.name = source.name;
  e.method = method;
  e.size = source.bytes;
  e.modified = source.modified;
  e.packed = packed;
  e.at = written_ + spliced_;
  e.wide_lengths = needs_wide_lengths(source.bytes, packed);
  return e;
}

/// Gives all of @p source to @p take, piece by piece. @returns its CRC-32.
template <class Take>
result<std::uint32_t> archive_writer::read_through(const archive_source& source, Take take) {
  const auto buffer = std::make_unique<std::array<char, piece_bytes>>();
  std::uint32_t crc = 0;
  for (std::uint64_t at = 0; at < source.bytes;) {
    const auto want =
      static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, source.bytes - at));
    const auto got =
      read_at(source.file, std::span{*buffer}.first(want), at, "read a member of an archive");
    if (!got)
      return fail(got.error());
    if (*got == 0)
      return fail(errc::internal, "a member of an archive became shorter");
    const std::string_view piece{buffer->data(), *got};
    crc = crc_of(crc, piece);
    at += piece.size();
    if (auto taken = take(piece, at == source.bytes); !taken)
      return fail(taken.error());
    if (copied_)
      copied_(piece.size());
  }
  return crc;
}

result<> archive_writer::add_stored(const archive_source& source) {
  auto e = begin(source, zip_method::stored, source.bytes);
  const auto header_at = written_;
  // The checksum is known at the end only; the header's length already is.
  if (auto ok = append(local_header(e)); !ok)
    return ok;
  const auto crc =
    read_through(source, [this](std::string_view piece, bool) { return append(piece); });
  if (!crc)
    return fail(crc.error());
  e.crc = *crc;
  entries_.push_back(e);
  return write_all(out_.get(), local_header(e), header_at);
}

result<> archive_writer::add_deflated(const archive_source& source) {
  auto e = begin(source, zip_method::deflated, worst_deflated(source.bytes));
  const auto header_at = written_;
  if (auto ok = append(local_header(e)); !ok)
    return ok;
  const auto content_at = written_;
  const auto packer = std::make_unique<deflater>();
  const auto sink = [this](std::string_view packed) {
    return append(packed);
  };
  const auto crc = read_through(
    source, [&](std::string_view piece, bool last) { return packer->put(piece, last, sink); });
  if (!crc)
    return fail(crc.error());
  if (source.bytes == 0)
    if (auto ok = packer->put({}, true, sink); !ok)
      return ok;
  e.crc = *crc;
  e.packed = written_ - content_at;
  entries_.push_back(e);
  return write_all(out_.get(), local_header(e), header_at);
}

result<> archive_writer::add_spliced(const archive_source& source, std::string known_as) {
  auto e = begin(source, zip_method::stored, source.bytes);
  const auto crc = read_through(source, [](std::string_view, bool) { return result<>{}; });
  if (!crc)
    return fail(crc.error());
  e.crc = *crc;
  if (auto ok = append(local_header(e)); !ok)
    return ok;
  entries_.push_back(std::move(e));
  splices_.push_back({written_, std::move(known_as), source.bytes});
  spliced_ += source.bytes;
  return {};
}

result<> archive_writer::add_text(std::string name, std::string_view text) {
  auto e = begin({std::move(name), -1, text.size()}, zip_method::stored, text.size());
  e.crc = crc_of(0, text);
  if (auto ok = append(local_header(e)); !ok)
    return ok;
  entries_.push_back(std::move(e));
  return append(text);
}

result<> archive_writer::finish() {
  if (auto ok = append(central_directory(entries_, written_ + spliced_)); !ok)
    return ok;
  file_.name.clear();
  return {};
}

} // namespace mediad::media
