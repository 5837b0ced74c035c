#include "net/uploads/handover.hpp"

#include "base/log.hpp"
#include "net/backend/backend.hpp"
#include "net/backend/file_watch.hpp"

#include <algorithm>

namespace mediad::net::uploads {

namespace {

/// All or nothing: one that is refused takes the others with it.
asio::awaitable<result<std::vector<file_record>>>
accept_all(exchange& x, std::vector<incoming_file>& files, std::vector<received_body> bodies) {
  for (auto& body : bodies)
    body.profiles = x.asker().limits.profiles;
  const auto answers = co_await accept_bodies(x.shared(), std::move(bodies));
  if (answers.size() != files.size())
    co_return fail(errc::cancelled, "stopped while files were handed over");
  std::vector<file_record> records;
  std::optional<error> refused;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& answer = answers[i];
    // After a timeout it is unknown whether the file was taken; only the dispatcher can tell.
    if (answer || answer.error().code == errc::timeout)
      files[i].release();
    if (answer)
      records.push_back(*answer);
    else
      refused = answer.error();
    if (!answer && answer.error().code == errc::other_profile)
      files[i].remove(); // nothing of it is kept, also of one that could be resumed
  }
  if (!refused)
    co_return records;
  for (const auto& record : records)
    drop_file(x.shared(), record.id);
  co_return fail(*refused);
}

/// No preview will come that is not there.
bool is_settled(const file_record& record) {
  return record.preview.exists() || is_terminal(record.state) || record.profile == profile::other;
}

/// Gives the files a moment to get their previews.
asio::awaitable<void> await_previews(exchange& x, std::vector<file_record>& records) {
  const auto until = file_watch::clock::now() + x.options().preview_wait;
  if (x.options().preview_wait.count() == 0
      || std::all_of(records.begin(), records.end(), is_settled))
    co_return;
  std::vector<std::string> ids;
  ids.reserve(records.size());
  for (const auto& record : records)
    ids.push_back(record.id);
  auto watch = co_await file_watch::start(x.shared(), records.front().user, std::move(ids));
  if (!watch)
    log::warning("http", "no preview is waited for: " + watch.error().detail);
  for (bool again = true; again;) {
    for (auto& record : records)
      if (!is_settled(record))
        if (auto newer = x.storage().find(record.id))
          record = std::move(*newer);
    if (!watch || std::all_of(records.begin(), records.end(), is_settled))
      co_return;
    again = co_await watch->changed(until, x.stopping());
  }
}

} // namespace

asio::awaitable<result<std::vector<file_record>>>
hand_over(exchange& x, std::vector<incoming_file>& files, std::vector<received_body> bodies) {
  auto records = co_await accept_all(x, files, std::move(bodies));
  if (records)
    co_await await_previews(x, *records);
  co_return records;
}

asio::awaitable<result<std::vector<file_record>>> hand_over(exchange& x, small_file file,
                                                            received_body body) {
  std::vector<received_body> bodies;
  body.profiles = x.asker().limits.profiles;
  bodies.push_back(std::move(body));
  const auto answers = co_await accept_bodies(x.shared(), std::move(bodies));
  if (answers.empty())
    co_return fail(errc::cancelled, "stopped while a file was handed over");
  const auto& taken = answers.front();
  // After a timeout it is unknown whether the file was taken; if not, the next start removes it.
  if (taken || taken.error().code == errc::timeout)
    file.release();
  if (!taken)
    co_return fail(taken.error());
  std::vector<file_record> records;
  records.push_back(*taken);
  co_await await_previews(x, records);
  co_return records;
}

asio::awaitable<result<file_record>> complete(exchange& x, incoming_file file) {
  auto body = co_await file.finish();
  if (!body) {
    if (body.error().code == errc::digest_mismatch)
      file.remove();
    co_return fail(body.error());
  }
  std::vector<incoming_file> files;
  files.push_back(std::move(file));
  std::vector<received_body> bodies{std::move(*body)};
  auto records = co_await hand_over(x, files, std::move(bodies));
  if (!records)
    co_return fail(records.error());
  co_return std::move(records->front());
}

} // namespace mediad::net::uploads
