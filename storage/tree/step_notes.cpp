#include "storage/tree/step_notes.hpp"

#include "base/log.hpp"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace mediad::storage {
namespace {

// The head has always the same length: `mediad-steps 1 running 00000000000000000042`. Then come the
// places, each with a NUL behind it; an empty one is the last.
constexpr std::string_view magic = "mediad-steps 1 ";
constexpr std::string_view running = "running ";
constexpr std::string_view stopped = "stopped ";
constexpr std::size_t digits = 20;
constexpr std::size_t head_bytes = magic.size() + running.size() + digits + 1;
constexpr std::uint64_t max_bytes = std::uint64_t{32} << 20U;
constexpr off_t usual_bytes = off_t{1} << 20;

place notes_place() {
  return {"system", "steps"};
}

std::string head_of(bool has_stopped, std::uint64_t seq) {
  const auto number = std::to_string(seq);
  std::string head{magic};
  head += has_stopped ? stopped : running;
  head.append(digits - number.size(), '0').append(number);
  head += '\0';
  return head;
}

std::optional<noted_steps> parse(std::string_view text) {
  if (text.size() < head_bytes || text.substr(0, magic.size()) != magic
      || text[head_bytes - 1] != '\0')
    return std::nullopt;
  const auto word = text.substr(magic.size(), running.size());
  const auto number = text.substr(magic.size() + running.size(), digits);
  noted_steps found;
  found.has_stopped = word == stopped;
  const auto [stop, problem] =
    std::from_chars(number.data(), number.data() + number.size(), found.seq);
  if ((word != running && word != stopped) || problem != std::errc{}
      || stop != number.data() + number.size())
    return std::nullopt;
  text.remove_prefix(head_bytes);
  for (;;) {
    const auto end = text.find('\0');
    if (end == std::string_view::npos || end == 0)
      return found;
    const auto path = text.substr(0, end);
    text.remove_prefix(end + 1);
    found.places.push_back(place_of(path));
  }
}

} // namespace

result<std::optional<noted_steps>> step_notes::read(const folders& root) {
  const auto file = root.file(notes_place(), O_RDONLY);
  if (!file && file.error().code == errc::not_found)
    return std::optional<noted_steps>{};
  if (!file)
    return fail(file.error());
  const auto text = read_file(opened_file{file->get()}, max_bytes + head_bytes);
  if (!text)
    return fail(text.error());
  return parse(*text);
}

result<> step_notes::forget(const folders& root) {
  if (auto ok = root.remove(notes_place()); !ok)
    return ok;
  return sync_directory(root.path() / notes_place().folder);
}

result<step_notes> step_notes::begin(const folders& root, std::uint64_t seq) {
  const auto folder = root.folder("system");
  if (!folder)
    return fail(folder.error());
  unique_fd file{::openat(folder->get(), notes_place().name.c_str(),
                          O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640)};
  if (!file)
    return fail_errno(errno, "open " + notes_place().path());
  step_notes notes{std::move(file)};
  if (::ftruncate(notes.file_.get(), 0) != 0)
    return fail_errno(errno, "empty " + notes_place().path());
  // On a full disk something can still be removed, and that is noted as well. Not every file system
  // can, and not every disk has as much.
  static_cast<void>(::fallocate(notes.file_.get(), FALLOC_FL_KEEP_SIZE, 0, usual_bytes));
  if (auto ok = notes.write_head(false, seq); !ok)
    return fail(ok.error());
  if (::fsync(notes.file_.get()) != 0 || ::fsync(folder->get()) != 0)
    return fail_errno(errno, "sync " + notes_place().path());
  return notes;
}

result<> step_notes::write_head(bool has_stopped, std::uint64_t seq) {
  end_ = head_bytes;
  return write_all(file_.get(), head_of(has_stopped, seq) + '\0', 0);
}

void step_notes::new_group(std::uint64_t seq) {
  is_broken_ = false;
  if (auto ok = write_head(false, seq); !ok)
    give_up(ok.error());
}

void step_notes::add(const place& what) {
  // What is in `system` is looked through at every start.
  if (is_broken_ || what.folder.rfind("system", 0) == 0)
    return;
  auto text = what.path();
  text.append(2, '\0');
  if (end_ + text.size() > max_bytes)
    return give_up(fail(errc::too_large, "more places than a group of changes can touch"));
  if (auto ok = write_all(file_.get(), text, end_); !ok)
    return give_up(ok.error());
  end_ += text.size() - 1;
}

void step_notes::give_up(const error& why) {
  is_broken_ = true;
  if (!std::exchange(has_warned_, true))
    log::warning("storage", "steps are not noted: " + why.detail);
}

result<> step_notes::stop(std::uint64_t seq) {
  if (auto ok = write_head(true, seq); !ok)
    return ok;
  return ::fsync(file_.get()) == 0 ? result<>{} : fail_errno(errno, "sync " + notes_place().path());
}

} // namespace mediad::storage
