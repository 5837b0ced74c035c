#include "net/files/delivery.hpp"

#include "base/clock.hpp"
#include "base/ulid.hpp"
#include "net/fields/conditions.hpp"
#include "net/fields/digests.hpp"
#include "net/fields/disposition.hpp"
#include "net/files/spliced_file.hpp"
#include "net/http/asked.hpp"
#include "net/io/outflow.hpp"

#include <algorithm>
#include <utility>

namespace mediad::net {
namespace {

constexpr std::size_t etag_digits = 32; // 128 bits of SHA-256: no two files will share them

/// One file as it is offered.
struct offer {
  spliced_file file;
  std::string sha256;
  std::string media_type;
  std::string name; ///< What a browser saves it as.
  unix_ms modified = 0;
  bool immutable = false;       ///< These bytes will be here as long as anything is.
  bool shown = false;           ///< Safe to show in a browser.
  bool has_whole_digest = true; ///< `sha256` is of all bytes that are sent.
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

offer offer_made(const exchange& x, const file_record& record, const made_file& made,
                 spliced_file file) {
  offer o;
  o.sha256 = made.sha256;
  o.media_type = made.media_type;
  o.name = derived_name(record.name, made.name);
  o.modified = file.modified();
  o.immutable = names_version(x, made.sha256);
  o.shown = fields::is_viewable(made.media_type) || made.media_type.starts_with("text/plain");
  o.file = std::move(file);
  return o;
}

offer offer_archive(const exchange& x, const file_record& record, storage::stored_file own) {
  auto open = [files = x.storage(), record](const splice& s) {
    return files.open_spliced(record, s);
  };
  spliced_file file{std::move(own), record.splices, std::move(open)};
  auto o = offer_made(x, record, record.archive, std::move(file));
  o.has_whole_digest = record.splices.empty();
  return o;
}

fields::representation representation_of(const offer& o) {
  fields::representation what;
  what.etag = '"' + o.sha256.substr(0, etag_digits) + '"';
  what.modified = o.modified;
  what.modified_is_strong = o.immutable;
  what.size = o.file.size();
  return what;
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
  // What a signed address shows ends with it, also in the cache of a browser.
  const bool may_stay = o.immutable && x.asker().by != known_by::signature;
  a.set(http::field::cache_control,
        may_stay ? "private, max-age=31536000, immutable" : "private, no-cache");
  if (status == http::status::not_modified)
    return a;
  const bool download = !o.shown || x.query("download") == "1";
  a.set(http::field::accept_ranges, "bytes");
  // The digest is that of the whole, also in a part's answer.
  if (o.has_whole_digest)
    a.set("Repr-Digest", fields::repr_digest(o.sha256));
  a.set(http::field::content_type, o.media_type);
  a.set(http::field::content_disposition, fields::content_disposition(download, o.name));
  a.set("Content-Security-Policy", content_policy);
  if (x.asker().by != known_by::signature) // its answers say so themselves
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

asio::awaitable<void> send_several(exchange& x, const offer& o, const fields::representation& what,
                                   std::vector<fields::byte_range> ranges) {
  const fields::byteranges parts{std::move(ranges), what.size, o.media_type,
                                 "mediad-" + make_ulid()};
  auto a = make_head(x, http::status::partial_content, o, what);
  a.set(http::field::content_type, parts.content_type());
  a.content_length(parts.content_length());
  const auto head = x.begin(a.base());
  outflow out{x.stream(), x.options().body_timeout};
  if (!co_await out.send(head, true) || !co_await send_pieces(out, o.file, parts))
    x.set_broken();
}

asio::awaitable<void> send_one(exchange& x, answer a, const spliced_file& file,
                               fields::byte_range range) {
  a.content_length(range.size);
  const auto head = x.begin(a.base());
  const bool with_body = !x.head_only() && range.size > 0;
  outflow out{x.stream(), x.options().body_timeout};
  bool sent = co_await out.send(head, with_body);
  if (sent && with_body)
    sent = co_await file.send(out, range);
  if (!sent)
    x.set_broken();
}

asio::awaitable<void> send_range(exchange& x, const offer& o, const fields::representation& what,
                                 std::vector<fields::byte_range> ranges) {
  if (ranges.size() > 1)
    co_return co_await send_several(x, o, what, std::move(ranges));
  auto a = make_head(x, http::status::partial_content, o, what);
  a.set(http::field::content_range, fields::content_range(ranges[0], what.size));
  co_await send_one(x, std::move(a), o.file, ranges[0]);
}

asio::awaitable<void> refuse_range(exchange& x, const fields::representation& what) {
  auto a = x.make_problem(range_not_satisfiable);
  a.set(http::field::content_range, fields::unsatisfied_range(what.size));
  co_await x.send(std::move(a));
}

asio::awaitable<void> deliver(exchange& x, offer o) {
  const auto what = representation_of(o);
  const auto request = conditions_of(x);
  auto chosen = fields::select(request, what, !x.head_only());
  switch (chosen.answer) {
  case fields::verdict::mismatch: co_return co_await x.send_problem(precondition_failed);
  case fields::verdict::unsatisfiable: co_return co_await refuse_range(x, what);
  case fields::verdict::part: co_return co_await send_range(x, o, what, std::move(chosen.ranges));
  case fields::verdict::not_modified:
    co_return co_await x.send(make_head(x, http::status::not_modified, o, what));
  case fields::verdict::whole: break;
  }
  auto a = make_head(x, http::status::ok, o, what);
  const fields::byte_range all{0, what.size};
  co_await send_one(x, std::move(a), o.file, all);
}

error not_there(std::string_view what) {
  return fail(errc::not_found, "there is no " + std::string{what} + ", or not yet");
}

} // namespace

asio::awaitable<void> deliver_content(exchange& x) {
  const auto record = find_shown_file(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  if (record->state == status::receiving)
    co_return co_await x.send_problem(not_there("original"));
  auto file = x.storage().open_original(*record);
  if (!file)
    co_return co_await x.send_problem(file.error());
  offer o;
  o.file = spliced_file{std::move(*file)};
  o.sha256 = record->sha256;
  o.media_type = record->media_type;
  o.name = record->name;
  // The file's own date may be that of another user's upload of the same bytes, which must not
  // show.
  o.modified = record->created_at;
  o.immutable = true;
  o.shown = fields::is_viewable(record->media_type);
  co_await deliver(x, std::move(o));
}

asio::awaitable<void> deliver_preview(exchange& x) {
  const auto record = find_shown_file(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  auto file = x.storage().open_preview(*record);
  if (!file)
    co_return co_await x.send_problem(file.error());
  auto o = offer_made(x, *record, record->preview.file, spliced_file{std::move(*file)});
  co_await deliver(x, std::move(o));
}

asio::awaitable<void> deliver_rendition(exchange& x) {
  const auto record = find_shown_file(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  const auto& all = record->renditions;
  const auto& name = x.arguments.at(1);
  const auto made =
    std::find_if(all.begin(), all.end(), [&](const made_file& f) { return f.name == name; });
  if (made == all.end())
    co_return co_await x.send_problem(not_there("such rendition"));
  auto file = x.storage().open_rendition(*record, *made);
  if (!file)
    co_return co_await x.send_problem(file.error());
  auto o = offer_made(x, *record, *made, spliced_file{std::move(*file)});
  co_await deliver(x, std::move(o));
}

asio::awaitable<void> deliver_archive(exchange& x) {
  const auto record = find_shown_file(x);
  if (!record)
    co_return co_await x.send_problem(record.error());
  auto own = x.storage().open_archive(*record);
  if (!own)
    co_return co_await x.send_problem(own.error());
  auto o = offer_archive(x, *record, std::move(*own));
  co_await deliver(x, std::move(o));
}

} // namespace mediad::net
