#include "net/fields/conditions.hpp"
#include "net/http/cors.hpp"
#include "net/shares/guest.hpp"
#include "web/assets.hpp"

#include <algorithm>
#include <string>

/// The page of a share. It is another document than the page of the server, with a script of its
/// own, and may ask for nothing but that script and what is below the share.
namespace mediad::net::shares {

namespace {

constexpr std::string_view page_path = "/share.html";
constexpr std::size_t max_key = 100; ///< Bytes.

/// Base64url, as keys are: nothing that could end a directive.
bool may_be_key(std::string_view text) {
  return text.size() <= max_key && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
                  || c == '-' || c == '_';
         });
}

/// CSP 3 section 6.7.2.8: a path that ends in a slash stands for all below it.
std::string policy_of(const exchange& x, std::string_view key) {
  const auto share = own_origin(x) + x.options().base_path + "/s/" + std::string{key} + "/";
  return "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src "
         + share + "; img-src " + share + " 'self'; media-src " + share
         + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

} // namespace

asio::awaitable<void> send_page(exchange& x) {
  const auto* page = web::find_asset(page_path);
  const auto& key = x.arguments.front();
  if (page == nullptr || !may_be_key(key))
    co_return co_await x.send_problem(problem_of(errc::not_found));
  fields::conditions request;
  request.if_none_match = x.field("If-None-Match");
  fields::representation have;
  have.etag = page->etag;
  have.size = page->bytes.size();
  const bool known =
    fields::select(request, have, !x.head_only()).answer == fields::verdict::not_modified;
  auto a = x.make(known ? http::status::not_modified : http::status::ok);
  a.set(http::field::etag, have.etag);
  a.set(http::field::cache_control, "private, no-cache");
  a.set("Content-Security-Policy", policy_of(x, key));
  a.set("Cross-Origin-Opener-Policy", "same-origin");
  a.set("Cross-Origin-Resource-Policy", "same-origin");
  if (!known) {
    a.set(http::field::content_type,
          beast::string_view{page->media_type.data(), page->media_type.size()});
    a.body() = page->bytes;
  }
  co_await x.send(std::move(a));
}

} // namespace mediad::net::shares
