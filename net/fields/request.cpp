#include "net/fields/request.hpp"

#include <boost/beast/http/rfc7230.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace mediad::net::fields {

namespace beast = boost::beast;
namespace urls = boost::urls;

namespace {

std::string_view plain(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_host(std::string_view text) {
  const auto authority = urls::parse_authority(text);
  return authority && !authority->has_userinfo() && !authority->encoded_host().empty();
}

result<> check_host(const http::request_header<>& head) {
  const auto hosts = head.count(http::field::host);
  if (hosts == 0 && head.version() < 11)
    return {};
  if (hosts != 1 || !is_host(plain(head[http::field::host])))
    return fail(errc::bad_request, "no single valid Host");
  return {};
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, length);
  if (problem != std::errc{} || stop != end || text.empty())
    return std::nullopt;
  return length;
}

} // namespace

std::optional<std::string_view> target::parameter(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(),
                                  [name](const auto& pair) { return pair.first == name; });
  if (found == query.end())
    return std::nullopt;
  return found->second;
}

result<target> parse_target(std::string_view text) {
  target out;
  if (text == "*") {
    out.path = text;
    return out;
  }
  const auto url =
    text.starts_with('/') ? urls::parse_origin_form(text) : urls::parse_absolute_uri(text);
  if (!url)
    return fail(errc::bad_request, "target is no URL");
  const auto scheme = url->scheme_id();
  const bool foreign = scheme != urls::scheme::http && scheme != urls::scheme::https;
  if (url->has_scheme() && (foreign || !url->has_authority()))
    return fail(errc::bad_request, "target of another scheme");
  out.path = std::string{url->encoded_path()};
  if (out.path.empty())
    out.path = "/";
  for (const auto& segment : url->segments())
    out.segments.emplace_back(segment);
  for (const auto& parameter : url->params())
    out.query.emplace_back(parameter.key, parameter.value);
  for (const auto& segment : out.segments)
    if (segment.find('\0') != std::string::npos)
      return fail(errc::bad_request, "NUL in the path");
  return out;
}

void leave_base_path(target& to, std::string_view base_path) {
  if (base_path.empty() || !to.path.starts_with(base_path))
    return;
  const auto rest = to.path.substr(base_path.size());
  to.lacks_slash = rest.empty();
  if (!rest.starts_with('/'))
    return;
  const auto depth = std::count(base_path.begin(), base_path.end(), '/');
  to.segments.erase(to.segments.begin(), to.segments.begin() + depth);
  to.path = rest;
}

result<framing> check_framing(const http::request_header<>& head) {
  if (auto host = check_host(head); !host)
    return fail(host.error());
  const auto lengths = head.count(http::field::content_length);
  const auto codings = head.count(http::field::transfer_encoding);
  framing out;
  if (codings > 0) {
    const auto coding = head[http::field::transfer_encoding];
    if (codings > 1 || lengths > 0 || head.version() < 11 || !beast::iequals(coding, "chunked"))
      return fail(errc::bad_request, "Transfer-Encoding is not exactly chunked");
    out.chunked = true;
    return out;
  }
  if (lengths == 0)
    return out;
  const auto length = parse_length(plain(head[http::field::content_length]));
  if (lengths > 1 || !length)
    return fail(errc::bad_request, "no single valid Content-Length");
  out.length = *length;
  return out;
}

void lower_version(std::span<char> head) {
  constexpr std::string_view version = " HTTP/1.";
  const auto line_end = std::find(head.begin(), head.end(), '\r');
  const auto line = head.first(static_cast<std::size_t>(line_end - head.begin()));
  if (line_end == head.end() || line.size() <= version.size())
    return;
  const auto tail = line.last(version.size() + 1);
  const bool is_1_x = std::equal(version.begin(), version.end(), tail.begin());
  if (is_1_x && tail.back() >= '2' && tail.back() <= '9')
    tail.back() = '1';
}

std::optional<std::string> joined_field(const http::fields& fields, std::string_view name) {
  const auto [first, last] = fields.equal_range(beast::string_view{name.data(), name.size()});
  if (first == last)
    return std::nullopt;
  std::string out;
  for (auto field = first; field != last; ++field) {
    if (field != first)
      out += ", ";
    out += plain(field->value());
  }
  return out;
}

} // namespace mediad::net::fields
