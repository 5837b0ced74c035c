#include "media/options.hpp"

#include "base/options/kinds.hpp"
#include "base/user_name.hpp"
#include "config/auth_options.hpp"
#include "config/listen.hpp"
#include "config/listen_options.hpp"
#include "config/option.hpp"

#include <algorithm>

namespace mediad::config {

namespace {

using namespace options;

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t kib = std::int64_t{1} << 10U;
constexpr std::int64_t mib = std::int64_t{1} << 20U;
constexpr std::int64_t tib = std::int64_t{1} << 40U;

using list = std::vector<config::option>;

bool is_not_empty(const std::string& text) {
  return !text.empty();
}

template <class Member>
auto net(Member member) {
  return at(&settings::net, member);
}

void add_server(list& all) {
  using s = net::settings;
  all.push_back(text(
    {"server", "user",
     "Whose files they are while nobody signs in; names a folder. The first admin becomes this "
     "user, under another name."},
    net(&s::user), "1 to 32 of a-z, 0-9, _ and -, not starting with -", is_user_name));
  all.push_back(texts(
    {"server", "allowed_origins",
     "Origins of other web pages that may use this server, or *. Keep it empty while nobody "
     "signs in: whatever page is listed can read and delete every file."},
    net(&s::allowed_origins), "a list of origins like https://media.example, or of *", is_origin));
  all.push_back(texts({"server", "allowed_hosts",
                       "Names by which clients may call this server beside localhost and loopback "
                       "addresses: those of a proxy in front. Any other name is refused with 421, "
                       "for a web page could have pointed it here."},
                      net(&s::allowed_hosts),
                      "a list of names like media.example or media.example:8443", is_host));
  all.push_back(
    number({"server", "threads", "Threads for connections."}, net(&s::threads), {1, 64}));
  all.push_back(
    number({"server", "max_connections", "Connections at once; more wait until some close."},
           net(&s::max_connections), {1, 1'000'000}));
  all.push_back(
    size({"server", "max_header", "Request line and headers; longer ones are answered with 431."},
         net(&s::max_header_bytes), {kib, mib}));
  all.push_back(number({"server", "max_header_fields", "Header lines of a request; more: 431."},
                       net(&s::max_header_fields), {10, 10'000}));
  all.push_back(
    duration({"server", "header_timeout", "From the first byte of a request to its last header."},
             net(&s::header_timeout), {100, 10 * minute}));
  all.push_back(duration({"server", "idle_timeout", "Between two requests of a connection."},
                         net(&s::idle_timeout), {100, hour}));
  all.push_back(
    duration({"server", "body_timeout", "Longest pause in a body that arrives or leaves."},
             net(&s::body_timeout), {100, hour}));
  all.push_back(number({"server", "min_body_rate",
                        "Bytes per second that a body must bring; a slower one is answered with "
                        "408. 0: any."},
                       net(&s::min_body_rate), {0, 1'000'000'000}));
  all.push_back(
    duration({"server", "body_rate_window", "Over how long the rate of a body is averaged."},
             net(&s::body_rate_window), {100, hour}));
  all.push_back(
    duration({"server", "request_timeout", "Longest wait for an answer from inside the server."},
             net(&s::request_timeout), {100, 10 * minute}));
  all.push_back(number({"server", "request_rate",
                        "Requests a second that one session or token, or an address without one, "
                        "may send for long; more are answered with 429. One address may send four "
                        "times that in all. 0: any. Does not count while nobody signs in."},
                       net(&s::request_rate), {0, 1'000'000}));
  all.push_back(number(
    {"server", "request_burst", "Requests that may come at once before request_rate counts."},
    net(&s::request_burst), {1, 1'000'000}));
  all.push_back(
    duration({"server", "grace", "How long running requests may take when the server stops."},
             net(&s::grace), {0, 10 * minute}));
}

void add_storage(list& all) {
  using s = storage::settings;
  all.push_back(text(
    {"storage", "root", "Folder of all data; a relative one counts from where the server starts."},
    at(&settings::storage, &s::root), "a path", is_not_empty));
  all.push_back(size({"storage", "max_database",
                      "Upper bound of the database; takes room on disk only as it fills."},
                     at(&settings::storage, &s::map_bytes), {16 * mib, tib}));
  all.push_back(
    size({"storage", "min_free", "Uploads are refused while less than this is free on the disk."},
         at(&settings::storage, &s::min_free_bytes), {0, 1024 * tib}));
  all.push_back(
    size({"storage", "user_quota",
          "What one user's files and open uploads may hold; 0: no limit. A user's own quota comes "
          "before it."},
         at(&settings::storage, &s::user_quota_bytes), {0, 1024 * tib}));
  all.push_back(number({"storage", "max_open_uploads",
                        "Unfinished uploads that one user may come back to; more get 429."},
                       at(&settings::storage, &s::max_open_uploads), {1, 1'000'000}));
  all.push_back(number({"storage", "audit_days",
                        "Days for which the server remembers what people did: sign-ins, tokens, "
                        "users, deleted files."},
                       at(&settings::storage, &s::audit_days), {1, 3'650}));
  all.push_back(number(
    {"storage", "trash_days", "Days that deleted files stay in the trash before they are removed."},
    at(&settings::storage, &s::trash_days), {1, 3'650}));
  all.push_back(number(
    {"storage", "database_copies", "Good copies of the database that are kept; 0: none are made."},
    at(&settings::storage, &s::database_copies), {0, 100}));
  all.push_back(
    duration({"storage", "copy_interval", "Between two copies of the database."},
             at(&settings::actors, &actors::settings::copier, &actors::copier_settings::interval),
             {second, 720 * hour}));
  all.push_back(number({"storage", "inspect_rate",
                        "Names a second that the comparison of files and records behind a start "
                        "looks at; 0: as many as it can."},
                       at(&settings::storage, &s::inspect_rate), {0, 1'000'000'000}));
  all.push_back(size({"storage", "verify_rate",
                      "Stored bytes a second that `mediad doctor --verify` reads; 0: as many as it "
                      "can."},
                     at(&settings::storage, &s::verify_rate), {0, tib}));
}

void add_uploads(list& all) {
  using s = net::settings;
  all.push_back(
    duration({"uploads", "preview_wait", "How long an upload's answer waits for the preview."},
             net(&s::preview_wait), {0, 30 * second}));
  all.push_back(size({"uploads", "max_file", "Largest file; a larger one is answered with 413."},
                     net(&s::max_file_bytes), {1, 16 * tib}));
  all.push_back(number({"uploads", "max_parts", "Parts of one multipart body."}, net(&s::max_parts),
                       {1, 10'000}));
  all.push_back(word({"uploads", "interim_104",
                      "Tell clients of IETF resumable uploads at once where to resume (104); "
                      "never done behind a proxy that says it is one."},
                     net(&s::interim_104), {"off", "on"}));
  all.push_back(duration(
    {"uploads", "expire_after", "How long an unfinished upload is kept after its last byte."},
    net(&s::upload_expiry), {second, 30 * 24 * hour}));
  all.push_back(
    duration({"uploads", "sweep_interval", "Between two looks for expired uploads."},
             at(&settings::actors, &actors::settings::sweeper, &actors::sweeper_settings::interval),
             {100, hour}));
  all.push_back(duration({"uploads", "save_interval",
                          "Bytes of a resumable upload are made durable at least this often."},
                         net(&s::save_interval), {100, minute}));
  all.push_back(duration({"uploads", "take_over_patience",
                          "How long a request for an upload waits for an older one to let go; then "
                          "it is answered with 423."},
                         net(&s::take_over_patience), {100, minute}));
  all.push_back(
    number({"uploads", "max_concat_parts", "Uploads that one tus upload is put together from."},
           net(&s::max_concat_parts), {1, 10'000}));
  all.push_back(size({"uploads", "in_memory_below",
                      "Raw bodies of at most this size are written once they are whole."},
                     net(&s::in_memory_below), {0, 4 * mib}));
  all.push_back(number({"uploads", "disk_threads", "Threads that write bodies to disk."},
                       net(&s::disk_threads), {1, 64}));
}

void add_processing(list& all) {
  using s = actors::processing_settings;
  const auto part = [](auto member) {
    return at(&settings::actors, &actors::settings::processing, member);
  };
  all.push_back(number({"processing", "max_attempts", "Tries per file before it is `failed`."},
                       part(&s::max_attempts), {1, 10}));
  all.push_back(duration({"processing", "first_retry_delay",
                          "Pause before the second try; doubles for each further one."},
                         part(&s::first_retry_delay), {1, minute}));
  all.push_back(
    number({"processing", "max_backlog",
            "Unfinished files; while there are so many, users who have an equal share of them, or "
            "more, get 503."},
           part(&s::max_backlog), {1, 100'000}));
  all.push_back(
    duration({"processing", "progress_interval", "Live progress of one file at most this often."},
             part(&s::progress_interval), {10, minute}));
  all.push_back(
    duration({"processing", "storage_timeout", "Longest wait for one write to the database."},
             part(&s::storage_timeout), {100, 10 * minute}));
}

void add_lanes(list& all) {
  using s = actors::lane_settings;
  const auto part = [](auto member) {
    return at(&settings::actors, &actors::settings::lanes, member);
  };
  all.push_back(number({"lanes", "preview", "Jobs at once that somebody is waiting for."},
                       part(&s::preview), {1, 64}));
  all.push_back(number(
    {"lanes", "batch", "All other jobs at once; 0: one less than there are cores, at least 1."},
    part(&s::batch), {0, 64}));
  all.push_back(number(
    {"lanes", "early",
     "Files whose preview is made while they arrive, at once; the others' are "
     "made afterwards. 0: all."},
    at(&settings::actors, &actors::settings::early, &actors::early_settings::at_once), {0, 64}));
  all.push_back(
    duration({"lanes", "preview_deadline",
              "Processor time of a job in the preview lane; ten times that by the clock."},
             part(&s::preview_deadline), {100, 10 * minute}));
  all.push_back(
    duration({"lanes", "batch_deadline",
              "Processor time of a job in the batch lane; ten times that by the clock."},
             part(&s::batch_deadline), {second, 24 * hour}));
  all.push_back(duration({"lanes", "preview_turn",
                          "Estimated processor time of one user's jobs in a row in the preview "
                          "lane while others wait."},
                         part(&s::preview_turn), {100, 10 * minute}));
  all.push_back(
    duration({"lanes", "batch_turn",
              "The same in the batch lane, where a long encode stands still meanwhile."},
             part(&s::batch_turn), {100, 10 * minute}));
  all.push_back(
    duration({"lanes", "idle_timeout", "A worker process without a job ends after this."},
             part(&s::idle_timeout), {second, 24 * hour}));
}

void add_events(list& all) {
  using s = net::settings;
  all.push_back(number({"events", "keep", "Newest events kept for those who reconnect."},
                       at(&settings::storage, &storage::settings::keep_events),
                       {1'000, 1'000'000'000}));
  all.push_back(
    number({"events", "outbox", "Events waiting for one slow listener; more close its connection."},
           net(&s::outbox_events), {8, 100'000}));
  all.push_back(duration(
    {"events", "ping_interval", "Between two signs of life on a WebSocket or event stream."},
    net(&s::ping_interval), {100, hour}));
}

void add_log(list& all) {
  using s = log::settings;
  all.push_back(word({"log", "level", "What is worth a line."}, at(&settings::log, &s::threshold),
                     {"debug", "info", "warning", "error", "off"}));
  all.push_back(word({"log", "format", "Lines for people or for programs, on standard error."},
                     at(&settings::log, &s::shape), {"text", "json"}));
}

// Media describes its own: the workers are told all of them, as the same rows say it.
void add_media(list& all) {
  for (const auto& o : media::all_options())
    all.push_back(within(o, &settings::media));
}

list make_options() {
  list all;
  for (auto* add : {add_listening, add_server, add_authentication, add_storage, add_uploads,
                    add_processing, add_lanes, add_events, add_media, add_log})
    add(all);
  return all;
}

} // namespace

const std::vector<option>& all_options() {
  static const auto all = make_options();
  return all;
}

} // namespace mediad::config
