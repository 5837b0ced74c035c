#include "net/ietf/ietf.hpp"

#include "base/record_json.hpp"
#include "net/backend/services.hpp"
#include "net/fields/digests.hpp"
#include "net/fields/multipart.hpp"
#include "net/files/records.hpp"
#include "net/http/asked.hpp"
#include "net/ietf/dialect.hpp"
#include "net/uploads/append.hpp"
#include "net/uploads/location.hpp"

#include <nlohmann/json.hpp>

namespace mediad::net::ietf {

bool creates_upload(const exchange& x) {
  if (x.field("Upload-Draft-Interop-Version") && !dialect::of(x))
    return true; // to be refused
  const auto completes = dialect::of(x)->completes(x);
  const auto boundary = fields::multipart_boundary(x.field("Content-Type").value_or(""));
  const bool is_form = !boundary || boundary->has_value();
  return completes && !(is_form && *completes);
}

bool says_complete(const exchange& x) {
  const auto draft = dialect::of(x);
  return draft && draft->completes(x);
}

bool is_spoken(const exchange& x) {
  const auto type = media_type(x);
  // An append of tus that lost its Tus-Resumable has an offset, too.
  const bool may_be_tus = type == "application/offset+octet-stream";
  return x.field("Upload-Draft-Interop-Version") || x.field("Upload-Complete")
         || (x.field("Upload-Offset") && !may_be_tus) || type == partial_upload;
}

asio::awaitable<void> send_offset(exchange& x) {
  const auto draft = dialect::of(x);
  if (!draft)
    co_return co_await x.send(unknown_version(x));
  auto state = find_asked_upload(x);
  if (state && !state->complete && !state->is_final()) {
    // A request that still writes saves its bytes and lets go, so that the client can go on from
    // the offset it gets here.
    const auto turn = co_await x.shared().turns.take(state->id, x.options().take_over_patience);
    if (!turn)
      co_return co_await x.send(uploads::make_turn_refusal(x, turn.error()));
    state = find_asked_upload(x);
  }
  if (!state && state.error().code == errc::not_found && draft->version() == 0)
    co_return co_await send_record(x); // a file that came through another door, or none
  if (!state)
    co_return co_await x.send_problem(state.error());
  const auto record = x.storage().find(state->id);
  const bool is_file = record && record->state != status::receiving;
  auto a = x.make(http::status::no_content);
  if (is_file && draft->version() == 0) {
    a = x.make(http::status::ok);
    a.set(http::field::content_type, "application/json");
    a.body() = public_json(*record, x.options().base_path).dump();
  }
  a.set(http::field::cache_control, "no-store");
  a.set("Upload-Limit", limits(x, state->expires_at));
  if (state->has_length())
    a.set("Upload-Length", std::to_string(state->length));
  if (is_file) {
    uploads::set_described_by(x, a, state->id);
    a.set("Repr-Digest", fields::repr_digest(record->sha256));
  }
  draft->set_state(a.base(), state->offset, state->complete);
  co_await x.send(std::move(a));
}

void describe(const exchange& x, answer& a) {
  a.set("Accept-Patch", beast::string_view{partial_upload.data(), partial_upload.size()});
  a.set("Upload-Limit", limits(x, 0));
}

} // namespace mediad::net::ietf
