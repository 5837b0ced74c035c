#include "net/incoming_file.hpp"

#include "net/backend.hpp"

#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace mediad::net {

namespace {

constexpr std::chrono::milliseconds tell_interval{250};

} // namespace

incoming_file::incoming_file(exchange& x, std::string id, staging_file file,
                             std::optional<std::uint64_t> length)
  : shared_{x.shared()},
    user_{x.user()},
    id_{std::move(id)},
    file_{std::move(file)},
    length_{length} {
  shared_.counters.receiving.fetch_add(1, std::memory_order_relaxed);
}

incoming_file::incoming_file(incoming_file&& other) noexcept
  : shared_{other.shared_},
    user_{std::move(other.user_)},
    id_{std::exchange(other.id_, {})},
    file_{std::move(other.file_)},
    length_{other.length_},
    bytes_{other.bytes_},
    told_{other.told_} {}

incoming_file::~incoming_file() {
  if (id_.empty())
    return;
  shared_.counters.receiving.fetch_sub(1, std::memory_order_relaxed);
  drop_upload(shared_, id_);
}

asio::awaitable<result<incoming_file>> incoming_file::begin(exchange& x, std::string name,
                                                            std::optional<std::uint64_t> length) {
  const auto record = co_await begin_upload(x.shared(), x.user(), std::move(name));
  if (!record)
    co_return fail(record.error());
  const auto io = co_await asio::this_coro::executor;
  staging_file file{x.shared(), io, x.files().staging_path(record->id), length};
  co_return incoming_file{x, record->id, std::move(file), length};
}

asio::awaitable<result<std::span<char>>> incoming_file::room() {
  return file_.room();
}

result<> incoming_file::filled(std::size_t n) {
  bytes_ += n;
  if (bytes_ > shared_.options.max_file_bytes)
    return fail(errc::too_large, "file over the limit");
  file_.filled(n);
  tell();
  return {};
}

asio::awaitable<result<>> incoming_file::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto space = co_await room();
    if (!space)
      co_return fail(space.error());
    const auto n = std::min(bytes.size(), space->size());
    std::copy_n(bytes.data(), n, space->data());
    if (auto taken = filled(n); !taken)
      co_return taken;
    bytes.remove_prefix(n);
  }
  co_return result<>{};
}

asio::awaitable<result<received_body>> incoming_file::finish() {
  const auto written = co_await file_.finish();
  if (!written)
    co_return fail(written.error());
  received_body body;
  body.id = id_;
  body.bytes = written->bytes;
  body.sha256 = written->sha256;
  co_return body;
}

void incoming_file::release() {
  shared_.counters.receiving.fetch_sub(1, std::memory_order_relaxed);
  shared_.counters.uploads.fetch_add(1, std::memory_order_relaxed);
  id_.clear();
}

void incoming_file::tell() {
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < tell_interval)
    return;
  told_ = now;
  nlohmann::ordered_json text{{"type", "upload.progress"}, {"id", id_}, {"bytes", bytes_}};
  text["total"] = length_ ? nlohmann::ordered_json(*length_) : nlohmann::ordered_json(nullptr);
  live_event e;
  e.type = "upload.progress";
  e.file_id = id_;
  e.user = user_;
  e.text = text.dump();
  announce(shared_, std::move(e));
}

} // namespace mediad::net
