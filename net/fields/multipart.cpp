#include "net/fields/multipart.hpp"

#include "net/fields/field_value.hpp"
#include "net/fields/trim.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <cstring>

namespace mediad::net::fields {

namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::size_t max_boundary_bytes = 70;
constexpr std::size_t max_padding_bytes = 1024; // RFC 2046 sets no limit; no client sends any

/// Linear for every needle, unlike std::search: the boundary is the client's choice.
std::size_t find(std::string_view text, std::string_view needle) {
  const auto* hit =
    static_cast<const char*>(::memmem(text.data(), text.size(), needle.data(), needle.size()));
  return hit == nullptr ? std::string_view::npos : static_cast<std::size_t>(hit - text.data());
}

bool is_boundary(std::string_view text) {
  constexpr std::string_view chars =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "'()+_,-./:=? ";
  return !text.empty() && text.size() <= max_boundary_bytes && text.back() != ' '
         && text.find_first_not_of(chars) == std::string_view::npos;
}

} // namespace

result<std::optional<std::string>> multipart_boundary(std::string_view content_type) {
  const auto field = parse_field_value(content_type);
  if (!field && boost::algorithm::istarts_with(content_type, "multipart/form-data"))
    return fail(errc::bad_request, "`Content-Type` is malformed.");
  if (!field || field->value != "multipart/form-data")
    return std::optional<std::string>{};
  const auto boundary = field->parameter("boundary");
  if (!boundary || !is_boundary(*boundary))
    return fail(errc::bad_request,
                "`Content-Type` must have a boundary of 1 to 70 characters (RFC 2046).");
  return std::optional{std::string{*boundary}};
}

multipart_parser::multipart_parser(const std::string& boundary, std::size_t max_parts)
  : delimiter_{"\r\n--" + boundary}, parts_left_{max_parts}, buffer_(buffer_bytes) {
  // The first delimiter need not follow a line break: give it one, and all are alike.
  std::copy(crlf.begin(), crlf.end(), buffer_.begin());
  end_ = crlf.size();
}

std::span<char> multipart_parser::room() {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  return std::span{buffer_}.subspan(end_);
}

void multipart_parser::commit(std::size_t n) {
  end_ += n;
}

void multipart_parser::end() {
  ended_ = true;
}

result<multipart_parser::token> multipart_parser::next() {
  switch (state_) {
  case state::preamble: return on_preamble();
  case state::delimiter: return on_delimiter();
  case state::head: return on_head();
  case state::body_start: return on_body_start();
  case state::body: return on_body();
  case state::done: return token::done;
  }
  return fail(errc::internal, "no such state");
}

result<multipart_parser::token> multipart_parser::want_more() const {
  if (ended_)
    return fail(errc::bad_request, "multipart body was cut");
  return token::need_more;
}

result<multipart_parser::token> multipart_parser::on_preamble() {
  const auto at = find(rest(), delimiter_);
  if (at == std::string_view::npos) {
    const auto kept = std::min(rest().size(), delimiter_.size() - 1);
    consume(rest().size() - kept);
    return want_more();
  }
  consume(at + delimiter_.size());
  state_ = state::delimiter;
  return on_delimiter();
}

result<multipart_parser::token> multipart_parser::on_delimiter() {
  auto text = rest();
  if (text.starts_with("--")) {
    state_ = state::done;
    return token::done;
  }
  const auto padding = std::min(text.find_first_not_of(" \t"), text.size());
  if (padding > max_padding_bytes)
    return fail(errc::bad_request, "endless padding after a boundary");
  text.remove_prefix(padding);
  const bool may_close = padding == 0 && text == "-";
  if (text.empty() || text == "\r" || may_close)
    return want_more();
  if (!text.starts_with(crlf))
    return fail(errc::bad_request, "a boundary is followed by something else");
  if (parts_left_ == 0)
    return fail(errc::too_large, "too many parts");
  --parts_left_;
  consume(padding + crlf.size());
  state_ = state::head;
  return on_head();
}

result<multipart_parser::token> multipart_parser::on_head() {
  const auto text = rest();
  std::size_t size = 0; // of the lines, with the last one's line break
  if (!text.starts_with(crlf)) {
    const auto at = find(text.substr(0, max_head_bytes), "\r\n\r\n");
    if (at == std::string_view::npos && text.size() >= max_head_bytes)
      return fail(errc::bad_request, "a part's head is too large");
    if (at == std::string_view::npos)
      return want_more();
    size = at + crlf.size();
  }
  if (auto read = read_head(text.substr(0, size)); !read)
    return fail(read.error());
  consume(size + crlf.size());
  state_ = state::body_start;
  return token::part;
}

result<multipart_parser::token> multipart_parser::on_body_start() {
  // A part without any bytes may share its head's empty line with the next delimiter.
  const auto short_delimiter = std::string_view{delimiter_}.substr(crlf.size());
  const auto text = rest().substr(0, short_delimiter.size());
  if (text == short_delimiter) {
    consume(text.size());
    state_ = state::delimiter;
    return token::part_end;
  }
  if (short_delimiter.starts_with(text))
    return want_more();
  state_ = state::body;
  return on_body();
}

result<multipart_parser::token> multipart_parser::on_body() {
  const auto text = rest();
  const auto at = find(text, delimiter_);
  if (at == 0) {
    consume(delimiter_.size());
    state_ = state::delimiter;
    return token::part_end;
  }
  const auto uncertain = std::min(text.size(), delimiter_.size() - 1);
  const auto certain = at == std::string_view::npos ? text.size() - uncertain : at;
  if (certain == 0)
    return want_more();
  bytes_ = text.substr(0, certain);
  consume(certain);
  return token::bytes;
}

result<> multipart_parser::read_head(std::string_view lines) {
  head_ = {};
  bool disposed = false;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find(crlf));
    lines.remove_prefix(line.size() + crlf.size());
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.front() == ' '
        || line.front() == '\t')
      return fail(errc::bad_request, "malformed header in a part");
    const auto name = line.substr(0, colon);
    const auto value = std::string{trim(line.substr(colon + 1))};
    if (boost::algorithm::iequals(name, "content-digest"))
      head_.content_digest = value;
    if (boost::algorithm::iequals(name, "repr-digest"))
      head_.repr_digest = value;
    if (boost::algorithm::iequals(name, "last-modified"))
      head_.modified = value;
    if (!boost::algorithm::iequals(name, "content-disposition"))
      continue;
    const auto field = parse_field_value(value);
    if (disposed || !field || field->value != "form-data")
      return fail(errc::bad_request, "malformed Content-Disposition in a part");
    disposed = true;
    head_.name = field->parameter("name").value_or("");
    head_.file_name = file_name(*field);
    if (const auto date = field->parameter("modification-date"); date && !head_.modified)
      head_.modified = *date;
    // How browsers write a quote (https://url.spec.whatwg.org, multipart/form-data encoding).
    if (head_.file_name)
      boost::algorithm::replace_all(*head_.file_name, "%22", "\"");
  }
  if (!disposed)
    return fail(errc::bad_request, "a part has no Content-Disposition");
  return {};
}

} // namespace mediad::net::fields
