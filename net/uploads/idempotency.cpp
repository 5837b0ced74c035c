#include "net/uploads/idempotency.hpp"

#include "base/sha256.hpp"
#include "base/ulid.hpp"
#include "net/access/ownership.hpp"
#include "net/access/tickets.hpp"
#include "net/fields/structured.hpp"
#include "net/fields/trim.hpp"

#include <algorithm>

namespace mediad::net::uploads {

namespace {

constexpr std::size_t max_key_bytes = 255;
/// Neither a string of RFC 9651 nor a bare key can hold this byte.
constexpr char no_client_key = '\x01';

bool is_bare(std::string_view key) {
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != ',' && c != '"'; });
}

std::optional<std::string> parse_key(std::string_view field) {
  const auto text = fields::trim(field);
  if (!text.starts_with('"'))
    return is_bare(text) ? std::optional{std::string{text}} : std::nullopt;
  auto item = fields::parse_item(text);
  auto* key = item ? std::get_if<std::string>(&*item) : nullptr;
  return key != nullptr ? std::optional{std::move(*key)} : std::nullopt;
}

/// Whether the client has sent it, rather than derive_request_key() made it.
bool is_of_client(const storage::request_key& key) {
  return !key.key.starts_with(no_client_key);
}

/// The hex of a SHA-256 over all parts and their lengths.
/// @param folder  where it is sent; empty: the root folder.
std::string fingerprint_of(std::initializer_list<std::string_view> identity,
                           std::string_view folder = {}) {
  sha256 print;
  const auto add = [&print](std::string_view part) {
    print.update(std::to_string(part.size()) + ':');
    print.update(part);
  };
  for (const auto part : identity)
    add(part);
  if (!folder.empty())
    add(folder);
  return std::move(print).hex();
}

} // namespace

std::string length_text(std::optional<std::uint64_t> length) {
  return length ? std::to_string(*length) : std::string{"?"};
}

result<storage::request_key> read_request_key(const exchange& x,
                                              std::initializer_list<std::string_view> identity) {
  storage::request_key out;
  if (x.asker().by == known_by::ticket) {
    out.key = request_key_of_ticket(x.asker().credential);
    out.fingerprint = fingerprint_of(identity, x.goes_to().folder);
    out.request = make_ulid();
    return out;
  }
  const auto field = x.field("Idempotency-Key");
  if (!field)
    return out;
  if (x.is_for_another())
    return fail(errc::bad_request, std::string{no_key_for_another.sentence});
  auto key = parse_key(*field);
  if (!key || key->empty() || key->size() > max_key_bytes)
    return fail(errc::bad_request,
                "`Idempotency-Key` must be a string (RFC 9651) or bare, of 1 to 255 bytes.");
  out.key = std::move(*key);
  out.fingerprint = fingerprint_of(identity, x.goes_to().folder);
  out.request = make_ulid();
  return out;
}

storage::request_key derive_request_key(std::initializer_list<std::string_view> identity) {
  storage::request_key out;
  out.fingerprint = fingerprint_of(identity);
  out.key = no_client_key + out.fingerprint;
  out.request = make_ulid();
  return out;
}

const problem& problem_of_reuse(const exchange& x) {
  return x.asker().by == known_by::ticket ? ticket_used : idempotency_key_reused;
}

std::optional<problem> earlier_request::refusal(const exchange& x) const {
  if (!same)
    return problem_of_reuse(x);
  if (std::any_of(files.begin(), files.end(),
                  [](const file_record& f) { return f.state == status::receiving; }))
    return idempotency_key_in_use;
  return std::nullopt;
}

result<std::optional<earlier_request>> find_earlier(const exchange& x,
                                                    const storage::request_key& key) {
  std::optional<earlier_request> out;
  if (key.key.empty())
    return out;
  const auto row = x.storage().find_key(x.asker().user, key.key);
  if (!row)
    return fail(row.error());
  if (!*row || (*row)->request == key.request)
    return out;
  earlier_request found;
  found.same = (*row)->fingerprint == key.fingerprint;
  for (const auto& id : (*row)->files) {
    auto record = find_own_file(x.storage(), x.asker(), id);
    if (record)
      found.files.push_back(std::move(*record));
    else if (record.error().code != errc::not_found)
      return fail(record.error());
    else if (const auto other = x.storage().find(id); other && other->deleted_at == 0)
      // It was not removed a moment ago, but sent by another program.
      return is_of_client(key) ? std::optional{earlier_request{}} : out;
  }
  if (!found.files.empty())
    out = std::move(found);
  return out;
}

} // namespace mediad::net::uploads
