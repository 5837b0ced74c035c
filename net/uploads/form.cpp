#include "net/uploads/form.hpp"

#include "net/fields/digests.hpp"
#include "net/fields/multipart.hpp"
#include "net/uploads/admission.hpp"

namespace mediad::net::uploads {

namespace {

asio::awaitable<result<>> feed(body_reader& reader, fields::multipart_parser& parser) {
  const auto got = co_await reader.read(parser.room());
  if (!got)
    co_return fail(got.error());
  if (*got == 0)
    parser.end();
  parser.commit(*got);
  co_return result<>{};
}

/// Takes the parts of a form, one after the other: files are kept, anything else is passed over.
class part_taker {
public:
  part_taker(exchange& x, const storage::request_key& key, taken_files& out)
    : x_{x}, key_{key}, out_{out} {}

  asio::awaitable<result<>> begin(const fields::part_head& head) {
    // A form's file field with nothing chosen sends an empty name.
    open_ = head.file_name && !head.file_name->empty();
    if (!open_)
      co_return result<>{};
    // For a single part, Content-Digest and Repr-Digest cover the same bytes.
    checks_.clear();
    for (const auto* field : {&head.content_digest, &head.repr_digest}) {
      auto digests = fields::parse_digests(*field);
      if (!digests)
        co_return fail(digests.error());
      checks_.emplace_back(std::move(*digests));
    }
    storage::new_upload wanted{x_.asker().user, *head.file_name};
    if (head.modified) {
      const auto date = read_file_date("Last-Modified", *head.modified);
      if (!date)
        co_return fail(date.error());
      wanted.modified_at = *date;
    }
    wanted.key = key_;
    auto begun = co_await incoming_file::begin(x_, std::move(wanted));
    if (!begun)
      co_return fail(begun.error());
    out_.files.push_back(std::move(*begun));
    co_return result<>{};
  }

  asio::awaitable<result<>> bytes(std::string_view bytes) {
    if (!open_)
      co_return result<>{};
    for (auto& check : checks_)
      if (check.is_needed())
        check.update(bytes);
    co_return co_await out_.files.back().append(bytes);
  }

  asio::awaitable<result<>> end() {
    if (!open_)
      co_return result<>{};
    for (auto& check : checks_)
      if (const auto same = check.finish(); !same)
        co_return fail(same.error());
    auto body = co_await out_.files.back().finish();
    if (!body)
      co_return fail(body.error());
    out_.bodies.push_back(std::move(*body));
    co_return result<>{};
  }

private:
  exchange& x_;
  const storage::request_key& key_;
  taken_files& out_;
  std::vector<fields::content_check> checks_; ///< Checks of the current part.
  bool open_ = false;                         ///< The current part is a file.
};

/// Reads what may follow the closing boundary, so that another request can follow.
asio::awaitable<result<>> read_out(body_reader& reader, fields::multipart_parser& parser) {
  for (;;) {
    const auto got = co_await reader.read(parser.room());
    if (!got)
      co_return fail(got.error());
    if (*got == 0)
      co_return result<>{};
  }
}

} // namespace

asio::awaitable<result<>> take_form(exchange& x, body_reader& reader, std::string boundary,
                                    const storage::request_key& key, taken_files& out) {
  using token = fields::multipart_parser::token;
  fields::multipart_parser parser{boundary, x.options().max_parts};
  part_taker taker{x, key, out};
  for (;;) {
    const auto next = parser.next();
    if (!next)
      co_return fail(next.error());
    result<> step;
    switch (*next) {
    case token::need_more: step = co_await feed(reader, parser); break;
    case token::part: step = co_await taker.begin(parser.head()); break;
    case token::bytes: step = co_await taker.bytes(parser.bytes()); break;
    case token::part_end: step = co_await taker.end(); break;
    case token::done:
      if (out.files.empty())
        co_return fail(errc::bad_request, "a form without a file");
      co_return co_await read_out(reader, parser);
    }
    if (!step)
      co_return step;
  }
}

} // namespace mediad::net::uploads
