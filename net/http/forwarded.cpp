#include "net/http/forwarded.hpp"

#include "net/fields/field_value.hpp"
#include "net/fields/trim.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>

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

/// The members of `Forwarded: for=`, or of `X-Forwarded-For`, as plain addresses with commas.
std::string forwarded_for(const exchange& x) {
  const auto list = x.field("Forwarded");
  if (!list)
    return x.field("X-Forwarded-For").value_or("");
  std::string addresses;
  for (std::string_view rest = *list; !rest.empty();) {
    const auto one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const auto parsed = fields::parse_field_value("member;" + std::string{fields::trim(one)});
    auto address = parsed ? parsed->parameter("for").value_or("") : std::string{};
    // An address of version 6 stands in brackets; a port may follow either.
    if (address.starts_with('['))
      address = address.substr(1, address.find(']') - 1);
    else
      address = address.substr(0, address.find(':'));
    addresses.append(addresses.empty() ? "" : ",").append(address.empty() ? "unknown" : address);
  }
  return addresses;
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

std::string client_address(const exchange& x) {
  const auto peer = x.peer().is_unspecified() ? std::string{} : x.peer().to_string();
  if (!x.comes_from_proxy())
    return peer;
  const auto list = forwarded_for(x);
  for (std::string_view rest = list; !rest.empty();) {
    const auto last = last_member(rest);
    boost::system::error_code is_no_address;
    const auto address = asio::ip::make_address(std::string{last}, is_no_address);
    if (is_no_address)
      break;
    if (!x.is_proxy(address))
      return address.to_string();
    const auto comma = rest.rfind(',');
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
  }
  return peer;
}

std::string public_host(const exchange& x) {
  auto address = forwarded_address(x);
  return address ? std::move(address->host) : x.field("Host").value_or("");
}

} // namespace mediad::net
