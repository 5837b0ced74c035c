#include "net/http/forwarded.hpp"

#include "net/fields/field_value.hpp"
#include "net/fields/trim.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>

namespace mediad::net {

namespace {

/// The last member of a list, in which commas between quotes do not count.
std::string_view last_member(std::string_view list) {
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (quoted && list[i] == '\\')
      ++i;
    else if (list[i] == '"')
      quoted = !quoted;
    else if (list[i] == ',' && !quoted)
      begin = i + 1;
  }
  return fields::trim(list.substr(begin));
}

bool is_authority(std::string_view text) {
  const auto authority = boost::urls::parse_authority(text);
  return authority && !authority->has_userinfo() && !authority->encoded_host().empty();
}

std::optional<public_address> checked(std::string_view scheme, std::string_view host) {
  const auto same = [scheme](std::string_view known) {
    return beast::iequals({scheme.data(), scheme.size()}, {known.data(), known.size()});
  };
  const bool is_secure = same("https");
  if ((!is_secure && !same("http")) || !is_authority(host))
    return std::nullopt;
  return public_address{is_secure ? "https" : "http", std::string{host}};
}

std::optional<public_address> forwarded_address(const exchange& x) {
  if (!x.comes_from_proxy())
    return std::nullopt;
  return read_forwarded(x.request(), x.field("Host").value_or(""));
}

} // namespace

std::optional<public_address> read_forwarded(const http::fields& fields, std::string_view host) {
  if (const auto list = fields::joined_field(fields, "Forwarded")) {
    const auto parsed = fields::parse_field_value("member;" + std::string{last_member(*list)});
    if (!parsed)
      return std::nullopt;
    return checked(parsed->parameter("proto").value_or("http"),
                   parsed->parameter("host").value_or(host));
  }
  const auto scheme = fields::joined_field(fields, "X-Forwarded-Proto");
  const auto name = fields::joined_field(fields, "X-Forwarded-Host");
  if (!scheme && !name)
    return std::nullopt;
  const auto scheme_text = scheme.value_or("http");
  const auto name_text = name.value_or(std::string{host});
  return checked(last_member(scheme_text), last_member(name_text));
}

std::string public_origin(const exchange& x) {
  const auto address = forwarded_address(x);
  return address ? address->scheme + "://" + address->host : std::string{};
}

std::string public_host(const exchange& x) {
  auto address = forwarded_address(x);
  return address ? std::move(address->host) : x.field("Host").value_or("");
}

} // namespace mediad::net
