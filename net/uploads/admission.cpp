#include "net/uploads/admission.hpp"

#include "net/backend/backend.hpp"
#include "net/fields/field_value.hpp"

namespace mediad::net::uploads {

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
  if (const auto admitted = co_await admit(x.shared()); !admitted)
    co_return fail(admitted.error());
  co_return check_disk(x, length);
}

std::string name_of_body(const exchange& x) {
  if (const auto disposition = x.field("Content-Disposition"))
    if (const auto parsed = fields::parse_field_value(*disposition))
      if (auto name = fields::file_name(*parsed))
        return *name;
  return std::string{x.query("name").value_or("")};
}

} // namespace mediad::net::uploads
