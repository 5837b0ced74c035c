#include "net/uploads/form.hpp"

#include "base/sha256.hpp"
#include "net/fields/digests.hpp"
#include "net/fields/multipart.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/destination.hpp"
#include "net/uploads/idempotency.hpp"

namespace mediad::net::uploads {

namespace {

/// What is done with the parts of a form, which come one after the other.
class part_sink {
public:
  part_sink() = default;
  part_sink(const part_sink&) = delete;
  part_sink& operator=(const part_sink&) = delete;
  virtual ~part_sink() = default;

  virtual asio::awaitable<result<>> begin(const fields::part_head& head) = 0;
  virtual asio::awaitable<result<>> bytes(std::string_view bytes) = 0;
  virtual asio::awaitable<result<>> end() = 0;
};

/// A form's file field with nothing chosen sends an empty name; other fields send none.
bool brings_file(const fields::part_head& head) {
  return head.file_name && !head.file_name->empty();
}

/// A field by which a form says into which folder the files behind it go.
constexpr std::string_view folder_field = "folder";
constexpr std::size_t max_folder_field = 4'096; ///< Bytes.

/// Keeps the files of a form; anything but them and their folder is passed over.
class part_taker final : public part_sink {
public:
  part_taker(exchange& x, const storage::request_key& key, taken_files& out)
    : x_{x}, key_{key}, out_{out} {}

  asio::awaitable<result<>> begin(const fields::part_head& head) override {
    open_ = brings_file(head);
    names_folder_ = !head.file_name && head.name == folder_field;
    folder_.clear();
    if (!open_)
      co_return result<>{};
    if (x_.asker().by == known_by::ticket && !out_.files.empty())
      co_return fail(errc::bad_request, "an upload ticket is for one file");
    // For a single part, Content-Digest and Repr-Digest cover the same bytes.
    checks_.clear();
    for (const auto* field : {&head.content_digest, &head.repr_digest}) {
      auto digests = fields::parse_digests(*field);
      if (!digests)
        co_return fail(digests.error());
      checks_.emplace_back(std::move(*digests));
    }
    auto wanted = begun_by(x_, *head.file_name);
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

  asio::awaitable<result<>> bytes(std::string_view bytes) override {
    if (names_folder_)
      folder_.append(bytes);
    if (folder_.size() > max_folder_field)
      co_return fail(errc::bad_request, "the path of a folder that is too long");
    if (!open_)
      co_return result<>{};
    for (auto& check : checks_)
      if (check.is_needed())
        check.update(bytes);
    co_return co_await out_.files.back().append(bytes);
  }

  asio::awaitable<result<>> end() override {
    if (names_folder_)
      out_.misplaced = co_await choose_folder(x_, std::move(folder_));
    if (names_folder_ && !key_.key.empty() && x_.is_for_another())
      out_.misplaced = x_.make_problem(no_key_for_another);
    if (out_.misplaced)
      co_return fail(errc::bad_request, "files for a folder that is none");
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
  bool names_folder_ = false;                 ///< The current part is the field `folder`.
  std::string folder_;                        ///< What that says so far.
};

/// Compares the files of a form with the digests of earlier ones, and keeps none.
class part_checker final : public part_sink {
public:
  explicit part_checker(const std::vector<file_record>& earlier) : earlier_{earlier} {}

  /// Each of the earlier files has come again.
  bool is_complete() const {
    return same_ == earlier_.size();
  }

  asio::awaitable<result<>> begin(const fields::part_head& head) override {
    open_ = brings_file(head);
    hash_ = sha256{};
    if (open_ && same_ == earlier_.size())
      co_return fail(errc::conflict, "more files than before");
    co_return result<>{};
  }

  asio::awaitable<result<>> bytes(std::string_view bytes) override {
    if (open_)
      hash_.update(bytes);
    co_return result<>{};
  }

  asio::awaitable<result<>> end() override {
    if (open_ && std::move(hash_).hex() != earlier_[same_++].sha256)
      co_return fail(errc::conflict, "other bytes than before");
    co_return result<>{};
  }

private:
  const std::vector<file_record>& earlier_;
  std::size_t same_ = 0; ///< Files that came again so far.
  sha256 hash_;
  bool open_ = false; ///< The current part is a file.
};

/// Gives the parser more of the body.
asio::awaitable<result<std::size_t>> feed(body_reader& reader, fields::multipart_parser& parser) {
  const auto got = co_await reader.read(parser.room());
  if (!got)
    co_return fail(got.error());
  if (*got == 0)
    parser.end();
  parser.commit(*got);
  co_return *got;
}

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

asio::awaitable<result<>> read_form(exchange& x, body_reader& reader, std::string boundary,
                                    part_sink& sink) {
  using token = fields::multipart_parser::token;
  fields::multipart_parser parser{boundary, x.options().max_parts};
  std::size_t fed = 0;
  for (;;) {
    const auto next = parser.next();
    if (!next)
      co_return fail(next.error());
    result<> step;
    switch (*next) {
    case token::need_more: {
      const auto got = co_await feed(reader, parser);
      if (!got)
        co_return fail(got.error());
      if (fed == 0 && *got == 0) // a form of no bytes at all has no parts
        co_return result<>{};
      fed += *got;
      break;
    }
    case token::part: step = co_await sink.begin(parser.head()); break;
    case token::bytes: step = co_await sink.bytes(parser.bytes()); break;
    case token::part_end: step = co_await sink.end(); break;
    case token::done: co_return co_await read_out(reader, parser);
    }
    if (!step)
      co_return step;
  }
}

} // namespace

std::uint64_t max_form_bytes(const exchange& x) {
  constexpr std::uint64_t slack = std::uint64_t{1} << 20U;
  return max_file_bytes(x) + slack;
}

asio::awaitable<result<>> take_form(exchange& x, body_reader& reader, std::string boundary,
                                    const storage::request_key& key, taken_files& out) {
  part_taker taker{x, key, out};
  co_return co_await read_form(x, reader, std::move(boundary), taker);
}

asio::awaitable<std::optional<answer>> refuse_other_form(exchange& x, std::string boundary,
                                                         const std::vector<file_record>& earlier,
                                                         answer other) {
  body_reader reader{x, max_form_bytes(x)};
  part_checker checker{earlier};
  const auto read = co_await read_form(x, reader, std::move(boundary), checker);
  if (read && checker.is_complete())
    co_return std::nullopt;
  x.must_close();
  if (read || read.error().code == errc::conflict)
    co_return std::move(other);
  co_return reader.timed_out() ? x.make_problem(request_timeout) : x.make_problem(read.error());
}

} // namespace mediad::net::uploads
