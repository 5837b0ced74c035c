#include "net/backend/services.hpp"
#include "net/shares/guest.hpp"
#include "net/tus/tus.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/form.hpp"
#include "net/uploads/whole.hpp"

#include <array>
#include <charconv>
#include <string>

/// What guests send. The storage has the last word on the limits of a share; here they are looked
/// at before a byte is read.
namespace mediad::net::shares {

namespace {

constexpr problem full{403, "share_full", "This share takes no more files."};
constexpr problem length_needed{411, "length_required", "The length must be said beforehand."};

/// Fields that name other uploads or requests of the sharer's, or put off how much it will be.
constexpr std::array<const char*, 6> not_for_guests{
  "Idempotency-Key", "Upload-Concat",     "Upload-Defer-Length",
  "Upload-Complete", "Upload-Incomplete", "Upload-Draft-Interop-Version"};

/// Bytes of files that the request is about to bring, at most; nothing if it does not say so.
std::optional<std::uint64_t> announced_bytes(const exchange& x) {
  if (!tus::is_spoken(x))
    return uploads::declared_length(x);
  const auto text = x.field("Upload-Length");
  if (!text)
    return 0; // the door says what is wrong
  std::uint64_t n = 0;
  const auto [stop, problem] = std::from_chars(text->data(), text->data() + text->size(), n);
  return problem == std::errc{} ? n : 0;
}

std::optional<answer> refuse_size(const exchange& x, const share_row& share) {
  if (share.max_files != 0 && share.sent_files >= share.max_files)
    return x.make_problem(full);
  const auto bytes = announced_bytes(x);
  if (!bytes)
    return x.make_problem(length_needed);
  if (share.max_bytes == 0)
    return std::nullopt;
  if (share.sent_bytes >= share.max_bytes)
    return x.make_problem(full);
  const auto left = share.max_bytes - share.sent_bytes;
  // What surrounds the files of a form counts for none of them.
  const auto type = x.field("Content-Type").value_or("");
  const auto slack =
    type.starts_with("multipart/") ? uploads::max_form_bytes(x) - uploads::max_file_bytes(x) : 0;
  if (*bytes > left && *bytes - left > slack)
    return x.make_problem(problem_of(errc::too_large),
                          "This share takes " + std::to_string(left) + " more bytes.");
  return std::nullopt;
}

} // namespace

asio::awaitable<void> take_files(exchange& x) {
  for (const std::string name : not_for_guests)
    if (x.field(name)) {
      auto sentence = "`" + name + "` is not taken from the guests of a share.";
      co_return co_await x.send_problem(problem_of(errc::bad_request), std::move(sentence));
    }
  const auto share = x.storage().find_share(x.asker().credential);
  if (!share)
    co_return co_await x.send_problem(share.error());
  if (auto refusal = refuse_size(x, *share))
    co_return co_await x.send(std::move(*refusal));
  if (tus::is_spoken(x))
    co_return co_await tus::create(x);
  if (x.field("Upload-Length") || x.field("Upload-Metadata"))
    co_return co_await x.send_problem(problem_of(errc::bad_request),
                                      "`Upload-Length` needs `Tus-Resumable` (1.0.0) beside it.");
  co_await uploads::create_whole(x);
}

} // namespace mediad::net::shares
