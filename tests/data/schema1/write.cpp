// Wrote data.tar.xz, once. It is built against the storage of commit 514a3b7, the last with schema
// 1, and not with this tree; README.md says how. Kept to show what is in the folder and why.
//   write <root> <samples> <made>
#include "base/file.hpp"
#include "base/record_json.hpp"
#include "base/sha256.hpp"
#include "storage/store.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <iostream>

using namespace mediad;
namespace fs = std::filesystem;

namespace {

constexpr unix_ms year_2100 = 4'102'444'800'000; // no sweep of a later test may find them expired

struct sample {
  const char* name;
  profile kind;
  const char* media_type;
  const char* media;
};

const sample picture{"image.jpg", profile::image, "image/jpeg",
                     R"({"width":320,"height":240,"orientation":1})"};
const sample film{"video.mp4", profile::video, "video/mp4",
                  R"({"duration":1.0,"fps":10.0,"video_codec":"h264"})"};
const sample sound{"audio.mp3", profile::audio, "audio/mpeg",
                   R"({"duration":1.02,"loudness":{"lufs":-21.7}})"};
const sample paper{"document.pdf", profile::document, "application/pdf",
                   R"({"pages":1,"text_bytes":12})"};
const sample letter{"office.docx", profile::document,
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                    "{}"};
const sample note{"document.txt", profile::document, "text/plain; charset=utf-8", "{}"};
const sample other{"other.bin", profile::other, "application/octet-stream", "{}"};

class author {
public:
  author(storage::store s, fs::path samples, fs::path made)
    : store_{std::move(s)}, samples_{std::move(samples)}, made_{std::move(made)} {}

  void write() {
    finish(picture, "image.jpg", {"w160.webp"});
    finish(picture, "Image.JPG", {"w160.webp"}); // the same name, once case is folded
    finish(picture, "image.jpg", {});            // the same bytes and name again
    finish(film, "ferry \xE2\x80\x93 \xC3\x96land.mp4", {"poster.webp"}, true);
    finish(sound, "audio.mp3", {"waveform.json"});
    finish(paper, "document.pdf", {"text.txt"});
    finish(other, "other.bin", {}, false, false);
    end(note, "document.txt", status::failed);
    end(letter, "office.docx", status::cancelled);
    // What a restart must take up: registered, in its first attempt, in its third with a preview.
    arrive(picture, "registered.jpg");
    process(arrive(sound, "processing.mp3").id, 1);
    const auto third = process(arrive(film, "third.mp4").id, 3);
    publish_preview(third);
    const auto gone = finish(note, "gone.txt", {});
    apply(storage::removal{gone.id});
    begin_uploads();
    begin_requests();
    apply(storage::notice{"", "to all: \xC3\xB6 \" \\"});
    apply(storage::notice{"local", "to one"});
    begin(storage::new_upload{"local", "cut short.bin"}, "nobody was told of it");
  }

  /// What clients see of it: every event's frame, then every record, a line each.
  void tell() const {
    for (const auto& e : store_.reader().events_after(0, 1000).value())
      std::cout << e.text << '\n';
    storage::list_query all;
    all.user = "local";
    all.limit = 500;
    for (const auto& r : store_.reader().list(all).value().files)
      std::cout << public_json(r).dump() << '\n';
  }

private:
  storage::applied apply(storage::change c) {
    std::vector<storage::change> group;
    group.push_back(std::move(c));
    return std::move(store_.apply(std::move(group)).value().front()).value();
  }

  static std::string digest(const std::string& bytes) {
    sha256 hash;
    hash.update(bytes);
    return std::move(hash).hex();
  }

  std::string body(const char* name) const {
    return read_file(samples_ / name, 1U << 20U).value();
  }

  static void put(const fs::path& file, const std::string& bytes) {
    auto fd = open_file(file, O_WRONLY | O_CREAT).value();
    write_all(fd.get(), bytes, 0).value();
    fd.close().value();
  }

  file_record begin(const storage::new_upload& wanted, const std::string& bytes) {
    auto r = apply(wanted).record;
    put(store_.reader().staging_path(r.id), bytes);
    return r;
  }

  file_record arrive(const sample& s, const std::string& name, const std::string& key = "") {
    storage::new_upload wanted{"local", name};
    if (!key.empty())
      wanted.key = {key, "fingerprint of " + key, "request of " + key};
    const auto bytes = body(s.name);
    const auto r = begin(wanted, bytes);
    storage::arrival a;
    a.id = r.id;
    a.bytes = bytes.size();
    a.sha256 = digest(bytes);
    a.kind = s.kind;
    a.media_type = s.media_type;
    return apply(a).record;
  }

  file_record process(const std::string& id, std::uint32_t attempts) {
    storage::transition t;
    t.id = id;
    file_record r;
    for (t.attempt = 1; t.attempt <= attempts; ++t.attempt)
      r = apply(t).record;
    return r;
  }

  made_file make(const file_record& r, const std::string& name, const char* type,
                 const std::string& from) {
    const auto bytes = read_file(made_ / from, 1U << 20U).value();
    put(store_.reader().work_dir(r.id, r.attempt) / name, bytes);
    return {name, type, 0, 0, bytes.size(), digest(bytes)};
  }

  file_record publish_preview(const file_record& r) {
    storage::new_preview p;
    p.id = r.id;
    p.attempt = r.attempt;
    p.preview.file = make(r, "preview.webp", "image/webp", "preview.webp");
    p.preview.file.width = 32;
    p.preview.file.height = 24;
    p.preview.thumbhash = "1QcSHQRnh493V4dIh4eXh1h4kJUI";
    return apply(p).record;
  }

  file_record finish(const sample& s, const std::string& name, const std::vector<std::string>& made,
                     bool spliced = false, bool preview = true) {
    auto r = process(arrive(s, name).id, 1);
    if (preview)
      r = publish_preview(r);
    storage::outcome o;
    o.id = r.id;
    o.media = s.media;
    for (const auto& file : made)
      o.renditions.push_back(
        make(r, file, file.find("webp") != std::string::npos ? "image/webp" : "text/plain",
             file.find("webp") != std::string::npos ? "preview.webp" : "text.txt"));
    o.archive = make(r, "archive.zip", "application/zip", "archive.zip");
    if (spliced)
      o.splices = {{0, "", r.bytes}};
    return apply(o).record;
  }

  void end(const sample& s, const std::string& name, status how) {
    storage::transition t;
    t.id = process(arrive(s, name).id, 1).id;
    t.to = how;
    if (how == status::failed)
      t.failure = {"corrupt_media", "The file is damaged: \xC3\xB6."};
    apply(t);
  }

  /// One of each kind that a client may come back for, with the first bytes of the picture.
  std::string open_upload(const std::string& name, const std::string& metadata,
                          const std::string& concat, std::uint64_t length, std::size_t there,
                          std::vector<std::string> parts = {}) {
    storage::new_upload wanted{"local", name};
    wanted.resumable = true;
    wanted.length = length;
    wanted.terms.metadata = metadata;
    wanted.terms.concat = concat;
    wanted.terms.parts = std::move(parts);
    wanted.terms.expires_at = year_2100;
    const auto bytes = body("image.jpg").substr(0, there);
    const auto id = begin(wanted, bytes).id;
    if (there == 0)
      return id;
    sha256 hash;
    hash.update(bytes);
    storage::appended a;
    a.id = id;
    a.offset = there;
    a.hash = hash.save();
    a.complete = there == length;
    a.expires_at = year_2100;
    apply(a);
    return id;
  }

  void begin_uploads() {
    const auto whole = body("image.jpg").size();
    open_upload("tus.jpg", "filename dHVzLmpwZw==", "", whole, 5'000);
    open_upload("deferred.jpg", "filename ZGVmZXJyZWQuanBn", "", unknown_length, 100);
    open_upload("empty.jpg", "", "", whole, 0);
    open_upload("ietf.jpg", "", "", whole, 7'000);
    const auto a = open_upload("part a", "", "partial", 4'000, 4'000);
    const auto b = open_upload("part b", "", "partial", 4'000, 4'000);
    open_upload("half a part", "", "partial", 4'000, 1'000);
    open_upload("joined.jpg",
                "filename am9pbmVkLmpwZw==", "final;/v1/files/" + a + " /v1/files/" + b, 8'000, 0,
                {a, b});
  }

  void begin_requests() {
    arrive(other, "with a key.bin", "first key");
    storage::new_upload wanted{"local", "with another key.bin"};
    wanted.key = {"second key", "print", "request"};
    begin(wanted, "");
  }

  storage::store store_;
  fs::path samples_;
  fs::path made_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
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
  author a{std::move(*store), argv[2], argv[3]};
  a.write();
  a.tell();
}
