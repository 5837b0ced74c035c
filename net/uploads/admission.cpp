#include "net/uploads/admission.hpp"

#include "net/backend/backend.hpp"
#include "net/fields/dates.hpp"
#include "net/fields/field_value.hpp"

#include <algorithm>

namespace mediad::net::uploads {

std::uint64_t max_file_bytes(const exchange& x) {
  return std::min(x.asker().limits.max_bytes, x.options().max_file_bytes);
}

std::optional<std::uint64_t> declared_length(const exchange& x) {
  return x.body().chunked ? std::nullopt : std::optional{x.body().length};
}

result<> check_disk(const exchange& x, std::uint64_t more) {
  const auto free = x.storage().free_bytes();
  if (!free)
    return fail(free.error());
  const auto reserve = x.options().min_free_bytes;
  if (*free < reserve || *free - reserve < more)
    return fail(errc::storage_full, "too little would be left on the disk");
  return {};
}

asio::awaitable<result<>> check_admission(exchange& x, std::uint64_t length, std::uint64_t limit) {
  if (length > limit)
    co_return fail(errc::too_large, "declared length over the limit");
  auto owner = x.goes_to().user;
  if (const auto admitted = co_await admit(x.shared(), std::move(owner)); !admitted)
    co_return fail(admitted.error());
  co_return check_disk(x, length);
}

result<fields::announced_digests> read_digests(const exchange& x, const std::string& field) {
  auto digests = fields::parse_digests(x.field(field));
  if (!digests)
    return fail(errc::bad_request, "`" + field
                                     + "` must name digests of the sizes that their algorithms "
                                       "have, such as sha-256=:…: (RFC 9530).");
  return digests;
}

answer make_refusal(const exchange& x, const error& e) {
  if (e.code == errc::bad_request)
    return x.make_problem(problem_of(e.code), e.detail);
  return x.make_problem(e);
}

std::string name_of_body(const exchange& x) {
  if (auto name = x.goes_to().name; !name.empty())
    return name;
  if (const auto disposition = x.field("Content-Disposition"))
    if (const auto parsed = fields::parse_field_value(*disposition))
      if (auto name = fields::file_name(*parsed))
        return *name;
  return std::string{x.query("name").value_or("")};
}

result<unix_ms> read_file_date(std::string_view where, std::string_view text) {
  if (const auto date = fields::parse_file_date(text))
    return *date;
  return fail(errc::bad_request, "`" + std::string{where}
                                   + "` must be the date of a file: RFC 3339, an HTTP-date, or "
                                     "seconds or milliseconds since 1970.");
}

result<unix_ms> date_of_body(const exchange& x) {
  if (const auto asked = x.query("modified"))
    return read_file_date("modified", *asked);
  if (const auto field = x.field("Last-Modified"))
    return read_file_date("Last-Modified", *field);
  if (const auto disposition = x.field("Content-Disposition"))
    if (const auto parsed = fields::parse_field_value(*disposition))
      if (const auto date = parsed->parameter("modification-date"))
        return read_file_date("modification-date", *date);
  return unix_ms{0};
}

storage::new_upload begun_by(const exchange& x, std::string name) {
  auto to = x.goes_to();
  storage::new_upload wanted{std::move(to.user), std::move(name)};
  wanted.folder = std::move(to.folder);
  if (!x.asker().may.has(right::read))
    wanted.sender = x.asker().credential;
  else if (x.is_for_another())
    wanted.sender = x.asker().user;
  wanted.by_guest = x.asker().by == known_by::share;
  return wanted;
}

} // namespace mediad::net::uploads
