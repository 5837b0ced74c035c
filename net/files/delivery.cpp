#include "net/files/delivery.hpp"

#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/ulid.hpp"
#include "net/backend/ownership.hpp"
#include "net/fields/conditions.hpp"
#include "net/fields/digests.hpp"
#include "net/fields/disposition.hpp"
#include "net/files/spliced_file.hpp"
#include "net/io/outflow.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <utility>

namespace mediad::net {
namespace {

constexpr std::size_t etag_digits = 32; // 128 bits of SHA-256: no two files will share them

/// One file as it is offered.
struct offer {
  std::filesystem::path path;
  std::string sha256;
  std::uint64_t bytes = 0; ///< Length of the whole, inserts included.
  std::vector<spliced_file::insert> inserts;
  std::string media_type;
  std::string name;       ///< What a browser saves it as.
  unix_ms modified = 0;   ///< 0: the file system knows.
  bool immutable = false; ///< These bytes will be here as long as anything is.
  bool shown = false;     ///< Safe to show in a browser.
};

struct opened {
  spliced_file file;
  fields::representation what;
};

// `beach.jpg` and `w640.webp` make `beach-w640.webp`.
std::string derived_name(const std::string& original, const std::string& made) {
  const auto dot = original.rfind('.');
  return original.substr(0, dot == 0 ? std::string::npos : dot) + "-" + made;
}

// A later attempt may replace a derived file. Still, a client that asks for the very bytes that the
// record names may keep them for good.
bool names_version(const exchange& x, const std::string& sha256) {
  const auto version = x.query("v");
  return version && version->size() >= etag_digits && sha256.starts_with(*version);
}

/// The file that the path names.
result<file_record> find_asked(const exchange& x) {
  return find_own_file(x.storage(), x.user(), x.arguments.at(0));
}

offer offer_made(const exchange& x, const file_record& record, const made_file& made) {
  offer o;
  o.sha256 = made.sha256;
  o.bytes = made.bytes;
  o.media_type = made.media_type;
  o.name = derived_name(record.name, made.name);
  o.immutable = names_version(x, made.sha256);
  o.shown = fields::is_viewable(made.media_type) || made.media_type.starts_with("text/plain");
  return o;
}

result<opened> open_offer(const offer& o) {
  auto file = open_file(o.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file)
    return fail(file.error());
  struct stat facts {};
  if (::fstat(file->get(), &facts) != 0)
    return fail_errno(errno, "fstat");
  opened out;
  out.file = spliced_file{std::move(*file), static_cast<std::uint64_t>(facts.st_size), o.inserts};
  const auto size = out.file.size();
  if (!S_ISREG(facts.st_mode) || size != o.bytes)
    return fail(errc::internal, o.path.string() + " is not the file that its record describes");
  auto& what = out.what;
  what.etag = '"' + o.sha256.substr(0, etag_digits) + '"';
  // An original's date is the upload's: the file's own may be that of another user's upload of the
  // same bytes, which must not show.
  what.modified =
    o.modified != 0 ? o.modified : facts.st_mtim.tv_sec * 1'000 + facts.st_mtim.tv_nsec / 1'000'000;
  what.modified_is_strong = o.immutable;
  what.size = size;
  return out;
}

fields::conditions conditions_of(const exchange& x) {
  fields::conditions c;
  c.if_match = x.field("If-Match");
  c.if_none_match = x.field("If-None-Match");
  c.if_modified_since = x.field("If-Modified-Since");
  c.if_unmodified_since = x.field("If-Unmodified-Since");
  c.if_range = x.field("If-Range");
  c.range = x.field("Range");
  return c;
}

// A page that was made of an uploaded file can run nothing, load nothing, and reach nothing of this
// origin. The exceptions are what browsers need for their own viewers of pictures, sound and video.
constexpr const char* content_policy =
  "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

// The fields of 200, 206 and 304 alike (RFC 9110 section 15.4.5).
answer make_head(const exchange& x, http::status status, const offer& o,
                 const fields::representation& what) {
  auto a = x.make(status);
  a.set(http::field::etag, what.etag);
  a.set(http::field::last_modified, to_http_date(what.modified));
  a.set(http::field::cache_control,
        o.immutable ? "private, max-age=31536000, immutable" : "private, no-cache");
  if (status == http::status::not_modified)
    return a;
  const bool download = !o.shown || x.query("download") == "1";
  a.set(http::field::accept_ranges, "bytes");
  // Of the whole, also in a part's answer. The digest of a file with inserts is not the whole's.
  if (o.inserts.empty())
    a.set("Repr-Digest", fields::repr_digest(o.sha256));
  a.set(http::field::content_type, o.media_type);
  a.set(http::field::content_disposition, fields::content_disposition(download, o.name));
  a.set("Content-Security-Policy", content_policy);
  a.set("Cross-Origin-Resource-Policy", "same-origin");
  return a;
}

asio::awaitable<bool> send_pieces(outflow& out, const spliced_file& file,
                                  const fields::byteranges& parts) {
  for (std::size_t i = 0; i < parts.ranges().size(); ++i) {
    const auto before = parts.before(i);
    if (!co_await out.send(before, true) || !co_await file.send(out, parts.ranges()[i]))
      co_return false;
  }
  const auto after = parts.after();
  co_return co_await out.send(after);
}

asio::awaitable<void> send_several(exchange& x, const offer& o, const opened& file,
                                   std::vector<fields::byte_range> ranges) {
  const fields::byteranges parts{std::move(ranges), file.what.size, o.media_type,
                                 "mediad-" + make_ulid()};
  auto a = make_head(x, http::status::partial_content, o, file.what);
  a.set(http::field::content_type, parts.content_type());
  a.content_length(parts.content_length());
  const auto head = x.begin(a.base());
  outflow out{x.stream().socket(), x.options().body_timeout};
  if (!co_await out.send(head, true) || !co_await send_pieces(out, file.file, parts))
    x.set_broken();
}

asio::awaitable<void> send_one(exchange& x, answer a, const opened& file,
                               fields::byte_range range) {
  a.content_length(range.size);
  const auto head = x.begin(a.base());
  const bool with_body = !x.head_only() && range.size > 0;
  outflow out{x.stream().socket(), x.options().body_timeout};
  bool sent = co_await out.send(head, with_body);
  if (sent && with_body)
    sent = co_await file.file.send(out, range);
  if (!sent)
    x.set_broken();
}

asio::awaitable<void> send_range(exchange& x, const offer& o, const opened& file,
                                 std::vector<fields::byte_range> ranges) {
  if (ranges.size() > 1)
    co_return co_await send_several(x, o, file, std::move(ranges));
  auto a = make_head(x, http::status::partial_content, o, file.what);
  a.set(http::field::content_range, fields::content_range(ranges[0], file.what.size));
  co_await send_one(x, std::move(a), file, ranges[0]);
}

asio::awaitable<void> refuse_range(exchange& x, const fields::representation& what) {
  auto a = x.make_problem(range_not_satisfiable);
  a.set(http::field::content_range, fields::unsatisfied_range(what.size));
  co_await x.send(std::move(a));
}

asio::awaitable<void> deliver(exchange& x, offer o) {
  const auto file = open_offer(o);
  if (!file)
    co_return co_await x.send_problem(file.error());
  const auto request = conditions_of(x);
  auto chosen = fields::select(request, file->what, !x.head_only());
  switch (chosen.answer) {
  case fields::verdict::mismatch: co_return co_await x.send_problem(precondition_failed);
  case fields::verdict::unsatisfiable: co_return co_await refuse_range(x, file->what);
  case fields::verdict::part: co_return co_await send_range(x, o, *file, std::move(chosen.ranges));
  case fields::verdict::not_modified:
    co_return co_await x.send(make_head(x, http::status::not_modified, o, file->what));
  case fields::verdict::whole: break;
  }
  auto a = make_head(x, http::status::ok, o, file->what);
  const fields::byte_range all{0, file->what.size};
  co_await send_one(x, std::move(a), *file, all);
}

error not_there(std::string_view what) {
  return fail(errc::not_found, "there is no " + std::string{what} + ", or not yet");
}

} // namespace

asio::awaitable<void> deliver_content(exchange& x) {
  const auto record = find_asked(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  if (record->state == status::receiving)
    co_return co_await x.send_problem(not_there("original"));
  offer o;
  o.path = x.storage().original_path(*record);
  o.sha256 = record->sha256;
  o.bytes = record->bytes;
  o.media_type = record->media_type;
  o.name = record->name;
  o.modified = record->created_at;
  o.immutable = true;
  o.shown = fields::is_viewable(record->media_type);
  co_await deliver(x, std::move(o));
}

asio::awaitable<void> deliver_preview(exchange& x) {
  const auto record = find_asked(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  if (!record->preview.exists())
    co_return co_await x.send_problem(not_there("preview"));
  auto o = offer_made(x, *record, record->preview.file);
  o.path = x.storage().preview_path(*record);
  co_await deliver(x, std::move(o));
}

asio::awaitable<void> deliver_rendition(exchange& x) {
  const auto record = find_asked(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  const auto& all = record->renditions;
  const auto& name = x.arguments.at(1);
  const auto made =
    std::find_if(all.begin(), all.end(), [&](const made_file& f) { return f.name == name; });
  if (made == all.end())
    co_return co_await x.send_problem(not_there("such rendition"));
  auto o = offer_made(x, *record, *made);
  o.path = x.storage().rendition_path(*record, made->name);
  co_await deliver(x, std::move(o));
}

asio::awaitable<void> deliver_archive(exchange& x) {
  const auto record = find_asked(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  if (record->archive.name.empty())
    co_return co_await x.send_problem(not_there("archive"));
  auto o = offer_made(x, *record, record->archive);
  o.path = x.storage().archive_path(*record);
  for (const auto& s : record->splices)
    o.inserts.push_back({s.at,
                         s.file.empty() ? x.storage().original_path(*record)
                                        : x.storage().rendition_path(*record, s.file),
                         s.bytes});
  co_await deliver(x, std::move(o));
}

} // namespace mediad::net
