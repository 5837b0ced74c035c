#include "net/people/signing.hpp"

#include "base/clock.hpp"
#include "net/access/signed_url.hpp"
#include "net/backend/services.hpp"
#include "net/http/asked.hpp"
#include "net/http/json_body.hpp"
#include "net/people/items.hpp"

namespace mediad::net::people {

namespace {

constexpr std::chrono::seconds longest = longest_signature;
constexpr std::chrono::seconds usual{3'600};
constexpr unix_ms ms_per_second = 1'000;

/// @returns errc::bad_request, with a sentence, unless it names a part that a file may have.
result<std::string> asked_part(const nlohmann::json& body) {
  auto of = text_of(body, "of");
  if (of && (*of == "content" || *of == "preview" || *of == "archive"))
    return of;
  constexpr std::string_view renditions = "renditions/";
  if (of && of->size() > renditions.size() && of->starts_with(renditions))
    return of;
  return fail(errc::bad_request,
              "`of` must be content, preview, archive or renditions/ and a name.");
}

} // namespace

asio::awaitable<void> sign_part(exchange& x) {
  const auto file = find_asked_file(x);
  if (!file)
    co_return co_await x.send_problem(file.error());
  if (!x.asker().may.has(right::read))
    co_return co_await x.send_problem(missing_right,
                                      "To sign an address needs the right to read as well.");
  const auto body = co_await read_json(x);
  if (!body)
    co_return;
  const auto of = asked_part(*body);
  if (!of)
    co_return co_await refuse_body(x, of.error().detail);
  const auto seconds =
    number_of(*body, "expires_in", "seconds", static_cast<std::uint64_t>(usual.count()),
              static_cast<std::uint64_t>(longest.count()));
  if (!seconds)
    co_return co_await refuse_body(x, seconds.error().detail);
  if (digest_of(*file, *of).empty())
    co_return co_await x.send_problem(problem_of(errc::not_found),
                                      "The file does not have this, or not yet.");
  const auto until = end_of_made(x, *seconds);
  nlohmann::ordered_json told;
  told["url"] =
    x.options().base_path + sign_url(*x.shared().deps.keys, *file, *of, x.asker(), until);
  told["expires_at"] = to_rfc3339(until / ms_per_second * ms_per_second);
  co_await x.send_json(http::status::ok, told);
}

} // namespace mediad::net::people
