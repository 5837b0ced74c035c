#include "net/access/proxy_secret.hpp"

#include "base/file.hpp"

namespace mediad::net {

namespace {

constexpr std::size_t max_secret_bytes = 1'024;

} // namespace

result<std::string> read_proxy_secret(const std::filesystem::path& file) {
  const auto text = read_file(file, max_secret_bytes);
  if (!text)
    return fail(errc::bad_request, "auth.proxy_secret: " + text.error().detail);
  auto secret = text->substr(0, text->find_first_of("\r\n"));
  if (secret.size() < min_proxy_secret)
    return fail(errc::bad_request, "auth.proxy_secret: the first line of " + file.string()
                                     + " must have 16 bytes or more");
  return secret;
}

} // namespace mediad::net
