// Applies groups of changes to the store at argv[1] until it is killed, and says on standard
// output what it was told is durable: the other half of tests/storage/recovery/crash.cpp.
//   registered <id> <n>    the file of id holds body(n)
//   ready <id>
//   saved <id> <n>         the upload of id has n bytes of upload_body(id), to be gone on with
//   removing <id>          said before the change is applied
//   removed <id>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "storage/store.hpp"
#include "tests/storage/recovery/crash_body.hpp"

#include <deque>
#include <fcntl.h>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace mediad;

namespace {

struct made_upload {
  std::string id;
  unsigned body = 0;
};

std::string digest(const std::string& bytes) {
  sha256 hash;
  hash.update(bytes);
  return std::move(hash).hex();
}

void say(const std::string& line) {
  const auto text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    ::_exit(1);
}

void write_synced(const std::filesystem::path& file, const std::string& bytes) {
  auto fd = open_file(file, O_WRONLY | O_CREAT).value();
  write_all(fd.get(), bytes, 0).value();
  sync_file(file).value();
  fd.close().value();
}

class writer {
public:
  writer(storage::store store, unsigned seed)
    : store_{std::move(store)}, next_body_{seed}, user_{store_.user_id("ann").value()} {
    storage::list_query all;
    all.user = user_;
    for (const auto& r : store_.reader().list(all).value().files)
      if (r.state != status::receiving)
        alive_.push_front(r.id);
      else
        open_ = r.id;
    if (!open_.empty())
      offset_ = store_.reader().find_upload(open_).value().offset;
  }

  void round() {
    const auto uploads = receive();
    process(uploads);
    for (const auto& upload : uploads)
      alive_.push_back(upload.id);
    go_on_with_upload();
    rename_some();
    remove_oldest();
    move_folder();
  }

private:
  std::vector<result<storage::applied>> apply(std::vector<storage::change> group) {
    return store_.apply(std::move(group)).value();
  }

  /// Between two names and two places; one file of each round is in it.
  void move_folder() {
    const auto [id, name] = next_place();
    const auto parent = name == "deep" ? parent_ : std::string{};
    apply({storage::folder_move{id, parent, name}}).front().value();
  }

  std::pair<std::string, std::string> next_place() {
    if (folder_.empty()) {
      const auto mark = std::to_string(next_body_);
      parent_ = apply({storage::new_folder{user_, {}, "parent " + mark}}).front().value().id;
      folder_ = apply({storage::new_folder{user_, {}, "album " + mark}}).front().value().id;
    }
    is_deep_ = !is_deep_;
    return {folder_, is_deep_ ? "deep" : "album " + std::to_string(next_body_)};
  }

  std::vector<made_upload> receive() {
    constexpr std::size_t at_once = 3;
    std::vector<storage::change> group(at_once, storage::new_upload{user_, "beach.jpg"});
    std::get<storage::new_upload>(group.front()).folder = folder_;
    std::vector<made_upload> uploads;
    for (auto& done : apply(group))
      uploads.push_back({done.value().record.id, next_body_++});
    group.clear();
    for (const auto& upload : uploads) {
      const auto bytes = tests::crash_body(upload.body);
      write_synced(store_.reader().staging_path(upload.id), bytes);
      storage::arrival a;
      a.id = upload.id;
      a.bytes = bytes.size();
      a.sha256 = digest(bytes);
      group.emplace_back(a);
    }
    const auto done = apply(group);
    for (std::size_t i = 0; i < uploads.size(); ++i) {
      done[i].value();
      say("registered " + uploads[i].id + " " + std::to_string(uploads[i].body));
    }
    return uploads;
  }

  /// Appends to an upload that a killed writer may have begun; finishes it now and then.
  void go_on_with_upload() {
    constexpr std::uint64_t length = tests::upload_bytes;
    if (open_.empty()) {
      storage::new_upload u{user_, "castle.jpg"};
      u.length = length;
      u.resumable = true;
      open_ = apply({u}).front().value().record.id;
      offset_ = 0;
      say("saved " + open_ + " 0");
    }
    const auto body = tests::upload_body(open_);
    const auto target = store_.reader().staging_path(open_);
    offset_ += length / 4;
    write_synced(target, body.substr(0, offset_));
    if (offset_ == length) {
      storage::arrival a;
      a.id = std::exchange(open_, {});
      a.bytes = length;
      a.sha256 = digest(body);
      apply({a}).front().value();
      say("removing " + a.id);
      apply({storage::removal{a.id}}).front().value();
      say("removed " + a.id);
      return;
    }
    storage::appended a;
    a.id = open_;
    a.offset = offset_;
    apply({a}).front().value();
    say("saved " + open_ + " " + std::to_string(offset_));
  }

  made_file make(const std::string& id, const std::string& name) {
    write_synced(store_.reader().work_dir(id, 1) / name, id + name);
    return {name, "image/webp", 1, 1, 0, digest(id + name)};
  }

  void process(const std::vector<made_upload>& uploads) {
    std::vector<storage::change> begun;
    for (const auto& upload : uploads)
      begun.emplace_back(storage::transition{upload.id, status::processing, 1, {}});
    for (const auto& done : apply(begun))
      done.value();
    std::vector<storage::change> published;
    for (const auto& upload : uploads) {
      storage::new_preview p;
      p.id = upload.id;
      p.preview.file = make(upload.id, "preview.webp");
      storage::finished_attempt o;
      o.id = upload.id;
      o.renditions = {make(upload.id, "w640.webp"), make(upload.id, "w320.webp")};
      o.archive = make(upload.id, "archive.zip");
      published.emplace_back(p);
      published.emplace_back(o);
    }
    for (const auto& done : apply(published))
      done.value();
    for (const auto& upload : uploads)
      say("ready " + upload.id);
  }

  /// Another name, in the folder or out of it, with what was made of the file.
  void rename_some() {
    std::vector<storage::change> group;
    for (const auto& id : alive_) {
      storage::file_change c;
      c.id = id;
      c.name = "castle " + std::to_string(next_body_ % 2) + ".jpg";
      c.folder = group.size() % 2 == 0 ? folder_ : std::string{};
      c.tags = std::vector<std::string>{"sea", std::to_string(next_body_)};
      group.emplace_back(std::move(c));
    }
    for (const auto& done : apply(group))
      done.value();
  }

  void remove_oldest() {
    constexpr std::size_t kept = 4;
    std::vector<storage::change> group;
    while (alive_.size() > kept) {
      say("removing " + alive_.front());
      // Each second one by way of the trash, back from it, and into it again.
      if (alive_.size() % 2 == 0) {
        apply({storage::trashing{alive_.front()}}).front().value();
        apply({storage::restoration{alive_.front()}}).front().value();
        apply({storage::trashing{alive_.front()}}).front().value();
      }
      group.emplace_back(storage::removal{alive_.front()});
      alive_.pop_front();
    }
    for (const auto& done : apply(group))
      say("removed " + done.value().record.id);
  }

  storage::store store_;
  unsigned next_body_;
  std::string user_; ///< Id.
  std::deque<std::string> alive_;
  std::string folder_;
  std::string parent_;
  bool is_deep_ = false;
  std::string open_; ///< An upload that is not whole; empty: none.
  std::uint64_t offset_ = 0;
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 3)
    return 2;
  storage::settings s;
  s.root = argv[1];
  s.map_bytes = std::size_t{64} << 20U;
  s.min_free_bytes = 0;
  auto store = storage::store::open(s);
  if (!store) {
    std::cerr << store.error().detail << '\n';
    return 1;
  }
  writer w{std::move(*store), static_cast<unsigned>(std::stoul(argv[2]))};
  for (;;)
    w.round();
}
