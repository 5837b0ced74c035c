#include "net/tus/body.hpp"

#include "net/tus/answers.hpp"
#include "net/uploads/admission.hpp"
#include "net/uploads/append.hpp"
#include "net/uploads/handover.hpp"
#include "net/uploads/location.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <vector>

namespace mediad::net::tus {

namespace {

/// Compares a request's bytes with what the client says they are.
class body_check {
public:
  explicit body_check(const incoming_body& how) : wanted_{how.sum} {
    if (wanted_)
      add(wanted_->how);
    else if (how.sum_follows) // only the trailer names the algorithm
      for (std::size_t i = 0; i < checksum_algorithm_count; ++i)
        add(static_cast<checksum_algorithm>(i));
  }

  bool is_needed() const {
    return !running_.empty();
  }

  void update(std::string_view bytes) {
    for (auto& one : running_)
      one.sum.update(bytes);
  }

  /// @returns bad_request if what was announced for the trailer is not there or malformed,
  ///          digest_mismatch.
  result<> finish(const exchange& x) {
    if (!wanted_) {
      auto sent = parse_checksum(x.field("Upload-Checksum").value_or(""));
      if (!sent)
        return fail(sent.error());
      wanted_ = std::move(*sent);
    }
    for (auto& one : running_)
      if (one.how == wanted_->how && one.sum.finish() == wanted_->digest)
        return {};
    return fail(errc::digest_mismatch, "the appended bytes have another checksum");
  }

private:
  struct running {
    checksum_algorithm how;
    checksum sum;
  };

  void add(checksum_algorithm how) {
    running_.push_back({how, checksum{how}});
  }

  std::optional<announced_checksum> wanted_;
  std::vector<running> running_;
};

answer make_cut_short(const exchange& x, const uploads::append_result& end) {
  switch (end.how) {
  case uploads::body_end::stalled: return x.make_problem(request_timeout);
  case uploads::body_end::taken_over:
    return x.make_problem(problem_of(errc::conflict), "A newer request goes on with this upload.");
  case uploads::body_end::stopping: return x.make_problem(problem_of(errc::cancelled));
  case uploads::body_end::refused:
  case uploads::body_end::failed: return x.make_problem(end.why);
  case uploads::body_end::lost:
  case uploads::body_end::whole: break;
  }
  return x.make_problem(problem_of(errc::bad_request), "The body broke off.");
}

asio::awaitable<void> send_refusal(exchange& x, answer a, const upload_state& s, bool created) {
  set_progress(a, s);
  if (created)
    uploads::set_location(x, a, s.id);
  co_await x.send(std::move(a));
}

asio::awaitable<void> send_taken(exchange& x, const upload_state& s, bool created) {
  auto a = x.make(created ? http::status::created : http::status::no_content);
  if (created)
    uploads::set_location(x, a, s.id);
  set_progress(a, s);
  if (s.complete && !s.is_partial())
    uploads::set_described_by(x, a, s.id);
  co_await x.send(std::move(a));
}

/// Registers a file that has all its bytes, and answers.
asio::awaitable<void> send_completed(exchange& x, uploads::incoming_file file, bool created) {
  auto state = file.state();
  const auto bytes = file.bytes();
  const auto record = co_await uploads::complete(x, std::move(file));
  if (!record) {
    auto refusal = x.make_problem(record.error());
    co_return co_await send_refusal(x, std::move(refusal), state, created);
  }
  state.offset = bytes;
  state.complete = true;
  co_await send_taken(x, state, created);
}

/// Nothing of the request is kept: it is not what the client sent.
answer make_mismatch(const exchange& x, uploads::incoming_file file, const error& why,
                     bool created) {
  auto a = why.code == errc::digest_mismatch ? x.make_problem(checksum_mismatch)
                                             : uploads::make_refusal(x, why);
  if (created) // its location was never sent: no client can come back
    file.remove();
  else
    set_progress(a, file.state());
  return a;
}

} // namespace

result<incoming_body> read_incoming_body(const exchange& x) {
  incoming_body out;
  if (const auto text = x.field("Upload-Checksum")) {
    auto sum = parse_checksum(*text);
    if (!sum)
      return fail(sum.error());
    out.sum = std::move(*sum);
    return out;
  }
  const auto trailer = x.field("Trailer").value_or("");
  out.sum_follows = x.body().chunked && http::token_list{trailer}.exists("Upload-Checksum");
  return out;
}

asio::awaitable<void> take_body(exchange& x, uploads::incoming_file file, incoming_body how) {
  const bool nothing_new = how.creates && !x.body().has_body() && !file.is_whole();
  if (nothing_new)
    co_return co_await send_taken(x, file.state(), true);
  body_check check{how};
  uploads::body_watch watch;
  if (check.is_needed()) {
    file.distrust();
    watch.on_bytes = [&check](std::string_view bytes) {
      check.update(bytes);
    };
  }
  // Other guests may have sent what a share had left when this upload began.
  const auto most = std::min(uploads::max_file_bytes(x), file.state().length);
  const auto limit = most - std::min(most, file.bytes());
  const auto end = co_await uploads::append_body(x, file, limit, std::move(watch));
  if (end.how != uploads::body_end::whole) {
    auto refusal = make_cut_short(x, end);
    co_return co_await send_refusal(x, std::move(refusal), file.state(), how.creates);
  }
  if (check.is_needed()) {
    if (const auto right = check.finish(x); !right) {
      auto refusal = make_mismatch(x, std::move(file), right.error(), how.creates);
      co_return co_await x.send(std::move(refusal));
    }
  }
  if (file.is_whole() && !file.state().is_partial())
    co_return co_await send_completed(x, std::move(file), how.creates);
  if (!file.is_trusted()) {
    if (const auto saved = co_await file.save(); !saved) {
      auto refusal = x.make_problem(saved.error());
      co_return co_await send_refusal(x, std::move(refusal), file.state(), how.creates);
    }
  }
  co_await send_taken(x, file.state(), how.creates);
}

} // namespace mediad::net::tus
