#include "net/access/signing_keys.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/password.hpp"
#include "base/signing.hpp"
#include "base/ulid.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mediad::net {

namespace {

constexpr std::size_t max_file_bytes = std::size_t{64} << 10U;
constexpr unsigned private_mode = 0600;
constexpr std::size_t secret_bytes = 32;

/// The next word of a line, which it takes off.
std::string_view take_word(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

/// Others than the owner could have read it: a copy that was put back, say.
result<> close_to_others(const std::filesystem::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0)
    return fail_errno(errno, "look at " + file.string());
  if ((about.st_mode & 077U) == 0)
    return {};
  log::warning("access", file.string() + " could be read by others; now it cannot");
  return ::chmod(file.c_str(), private_mode) == 0
           ? result<>{}
           : fail_errno(errno, "set the mode of " + file.string());
}

} // namespace

signing_keys::signing_keys() : keys_{make_key()} {}

signing_keys::key signing_keys::make_key() {
  return {make_ulid(), from_base64url(make_secret()).value(), 0};
}

bool signing_keys::may_verify(const key& k, unix_ms now) {
  constexpr auto longest = std::chrono::milliseconds{longest_signature}.count();
  return k.retired_at == 0 || now < k.retired_at + longest;
}

result<> signing_keys::keep_in(std::filesystem::path file) {
  auto known = read(file);
  if (!known && known.error().code != errc::not_found)
    return fail(known.error());
  const std::lock_guard lock{mutex_};
  if (known)
    keys_ = *std::move(known);
  else if (auto ok = write(file, keys_); !ok)
    return ok;
  file_ = std::move(file);
  return {};
}

signing_keys::signature signing_keys::sign(std::vector<std::string_view> parts) const {
  const std::lock_guard lock{mutex_};
  const auto& k = keys_.back();
  parts.emplace_back(k.id);
  return {k.id, to_base64url(mediad::sign(k.secret, parts))};
}

bool signing_keys::verify(const signature& s, std::vector<std::string_view> parts,
                          unix_ms now) const {
  const std::lock_guard lock{mutex_};
  const auto k =
    std::find_if(keys_.begin(), keys_.end(), [&](const key& one) { return one.id == s.key; });
  if (k == keys_.end() || !may_verify(*k, now))
    return false;
  parts.emplace_back(k->id);
  return are_equal_secrets(to_base64url(mediad::sign(k->secret, parts)), s.text);
}

result<> signing_keys::rotate(bool forgets_old, unix_ms now) {
  const std::lock_guard lock{mutex_};
  auto next = keys_;
  next.back().retired_at = now;
  std::erase_if(next, [=](const key& k) { return forgets_old || !may_verify(k, now); });
  next.push_back(make_key());
  if (!file_.empty())
    if (auto ok = write(file_, next); !ok)
      return ok;
  keys_ = std::move(next);
  return {};
}

std::size_t signing_keys::count(unix_ms now) const {
  const std::lock_guard lock{mutex_};
  return static_cast<std::size_t>(
    std::count_if(keys_.begin(), keys_.end(), [now](const key& k) { return may_verify(k, now); }));
}

result<signing_keys::list> signing_keys::parse(std::string_view text) {
  list all;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    key k;
    k.id = take_word(line);
    const auto secret = from_base64url(take_word(line));
    const auto* end = line.data() + line.size();
    const auto [stop, problem] = std::from_chars(line.data(), end, k.retired_at);
    if (!is_ulid(k.id) || !secret || secret->size() != secret_bytes || stop != end
        || problem != std::errc{} || (!all.empty() && all.back().retired_at == 0))
      return fail(errc::storage_io, "holds a line that is no key");
    k.secret = *secret;
    all.push_back(std::move(k));
  }
  if (all.empty() || all.back().retired_at != 0)
    return fail(errc::storage_io, "holds no key that signs");
  return all;
}

std::string signing_keys::to_text(const list& all) {
  std::string text;
  for (const auto& k : all)
    text += k.id + ' ' + to_base64url(k.secret) + ' ' + std::to_string(k.retired_at) + '\n';
  return text;
}

result<signing_keys::list> signing_keys::read(const std::filesystem::path& file) {
  const auto text = read_file(file, max_file_bytes);
  if (!text)
    return fail(text.error());
  if (auto ok = close_to_others(file); !ok)
    return fail(ok.error());
  auto all = parse(*text);
  if (!all)
    return fail(all.error().code, file.string() + ' ' + all.error().detail);
  return all;
}

/// The file is whole at any time, and what was there before is gone once this returns.
result<> signing_keys::write(const std::filesystem::path& file, const list& all) {
  auto fresh = file;
  fresh += ".new";
  static_cast<void>(::unlink(fresh.c_str())); // of a run that was cut short
  auto fd = open_file(fresh, O_WRONLY | O_CREAT | O_EXCL, private_mode);
  if (!fd)
    return fail(fd.error());
  if (auto ok = write_all(fd->get(), to_text(all), 0); !ok)
    return ok;
  if (::fsync(fd->get()) != 0)
    return fail_errno(errno, "fsync of " + fresh.string());
  if (auto ok = fd->close(); !ok)
    return ok;
  if (::rename(fresh.c_str(), file.c_str()) != 0)
    return fail_errno(errno, "rename " + fresh.string());
  return sync_directory(file.parent_path());
}

} // namespace mediad::net
