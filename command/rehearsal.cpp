#include "command/rehearsal.hpp"

#include "command/checks.hpp"
#include "command/client.hpp"
#include "command/instance.hpp"
#include "command/sample_check.hpp"
#include "command/samples.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace mediad::command {

namespace {

using clock = std::chrono::steady_clock;

// A first conversion by LibreOffice on a slow and busy machine.
constexpr std::chrono::seconds patience{180};

/// A folder of our own for as long as this lives. In `system/work`, so that what a killed check-up
/// leaves behind is swept away by the next start of the server.
class temporary_root {
public:
  explicit temporary_root(const std::filesystem::path& root) {
    auto pattern = (root / "system" / "work" / "doctor-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr)
      path_ = pattern;
    else
      problem_ = fail_errno(errno, pattern).detail;
  }
  temporary_root(const temporary_root&) = delete;
  temporary_root& operator=(const temporary_root&) = delete;
  ~temporary_root() {
    std::error_code ignored;
    if (!path_.empty())
      std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const {
    return path_;
  }
  const std::string& problem() const {
    return problem_;
  }

private:
  std::filesystem::path path_;
  std::string problem_;
};

config::settings small_system(const config::settings& s, const std::filesystem::path& root) {
  auto small = s;
  small.storage.root = root;
  small.storage.map_bytes = std::size_t{64} << 20U;
  small.net.listen = {"127.0.0.1:0"};
  small.net.tls_listen.clear();
  small.net.redirect_listen.clear();
  small.net.user = "doctor";
  return small;
}

/// @returns the new file's id.
result<std::string> send(const std::string& address, const sample& sent) {
  const auto answer = request(address, "POST", "/v1/files?name=" + std::string{sent.name},
                              "application/octet-stream", sent.bytes);
  if (!answer)
    return fail(answer.error());
  const auto record = nlohmann::json::parse(answer->body, nullptr, false);
  if (answer->status != 201 || !record.is_object() || !record.contains("id"))
    return fail(errc::internal, "the upload was answered with " + std::to_string(answer->status)
                                  + ": " + answer->body);
  return record["id"].get<std::string>();
}

/// Reads events until each of @p waiting has come to its end.
/// @returns the first thing that is wrong with the stream itself.
result<> follow(event_stream& events, std::vector<std::string> waiting) {
  const auto end = clock::now() + patience;
  std::uint64_t newest = 0;
  while (!waiting.empty()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now());
    const auto frame = events.next(std::max(left, std::chrono::milliseconds{1}));
    if (!frame)
      return fail(frame.error());
    const auto event = nlohmann::json::parse(*frame, nullptr, false);
    if (!event.is_object())
      return fail(errc::internal, "an event is no JSON object: " + *frame);
    const auto seq = event.value("seq", std::uint64_t{0});
    const auto type = event.value("type", std::string{});
    if (seq == 0 || type == "hello")
      continue;
    if (seq <= newest)
      return fail(errc::internal,
                  "event " + std::to_string(seq) + " came after " + std::to_string(newest));
    newest = seq;
    if (type != "file.ready" && type != "file.failed" && type != "file.cancelled")
      continue;
    const auto id = event.at("file").at("id").get<std::string>();
    if (std::erase(waiting, id) == 0)
      return fail(errc::internal, id + " came to its end twice");
  }
  return {};
}

void send_all(const instance& running, event_stream& events, const config::settings& s, report& r) {
  std::vector<sent_sample> sent;
  std::vector<std::string> waiting;
  for (const auto& one : samples()) {
    if (one.needs_office && !find_program(s.media.office.program))
      continue;
    const auto id = send(running.address(), one);
    if (!id) {
      r.failed(one.name, id.error().detail);
      continue;
    }
    sent.push_back({one, *id});
    waiting.push_back(*id);
  }
  if (const auto followed = follow(events, std::move(waiting)))
    r.ok("events over WebSocket", "one end for each file, in order");
  else
    r.failed("events over WebSocket", followed.error().detail);
  for (const auto& one : sent)
    check_sample(running, one, r);
  check_user_folders(s.storage.root, s.net.user, sent, r);
}

/// What is there before any file is.
void check_doors(const std::string& address, report& r) {
  for (const auto* target : {"/livez", "/readyz", "/metrics", "/openapi.json", "/v1/files", "/"}) {
    const auto answer = request(address, "GET", target);
    if (!answer)
      return r.failed("page and probes", std::string{target} + ": " + answer.error().detail);
    if (answer->status != 200)
      return r.failed("page and probes",
                      std::string{target} + " answers " + std::to_string(answer->status));
  }
  r.ok("page and probes", "all answer");
}

} // namespace

void rehearse(const config::settings& s, report& r) {
  r.section("One file of every profile through a whole system");
  const temporary_root root{s.storage.root};
  if (!root.problem().empty())
    return r.failed("temporary folder", root.problem());
  const auto small = small_system(s, root.path());
  auto running = instance::start(small, [](const std::string&) {});
  if (!running)
    return r.failed("start", running.error().detail);
  r.ok("start", "listening on " + running->address());
  check_doors(running->address(), r);
  auto events = event_stream::open(running->address());
  if (!events) {
    r.failed("events over WebSocket", events.error().detail);
  } else {
    try {
      send_all(*running, *events, small, r);
    } catch (const nlohmann::json::exception& e) {
      r.failed("answers", std::string{"one has another shape than it should: "} + e.what());
    }
  }
  running->stop();
  r.ok("stop", "in order");
}

} // namespace mediad::command
