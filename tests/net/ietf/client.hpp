#pragma once

#include "tests/net/support/http_fixture.hpp"

#include <cstdint>
#include <string>

namespace mediad::tests {

/// The HTTP side, spoken to as the drafts of "Resumable Uploads for HTTP" have it, byte by byte.
struct ietf_fixture : http_fixture {
  static inline const std::string draft = "Upload-Draft-Interop-Version: 6\r\n";
  static inline const std::string part = "Content-Type: application/partial-upload\r\n";
  static inline const std::string complete = "Upload-Complete: ?1\r\n";
  static inline const std::string incomplete = "Upload-Complete: ?0\r\n";

  static std::string at(std::size_t offset) {
    return "Upload-Offset: " + std::to_string(offset) + "\r\n";
  }
  static std::string length(std::size_t bytes) {
    return "Upload-Length: " + std::to_string(bytes) + "\r\n";
  }

  /// The path of a new upload of this length.
  std::string created(std::size_t bytes, const std::string& fields = "") {
    const auto a = ask("POST", "/v1/files", "", incomplete + length(bytes) + fields);
    if (a.status != 201)
      throw std::runtime_error{"creation: " + std::to_string(a.status) + ' ' + a.body};
    return a.field("location");
  }
  http_answer append(const std::string& place, std::size_t offset, const std::string& body,
                     const std::string& fields = incomplete) {
    return ask("PATCH", place, body, part + at(offset) + fields);
  }
  /// Begins an append and waits until the server wants its body, of which it then sends a piece.
  void hang(http_client& c, const std::string& place, std::size_t bytes, const std::string& piece,
            std::size_t offset = 0) {
    c.send("PATCH " + place + " HTTP/1.1\r\nHost: a\r\n" + part + at(offset) + incomplete
           + "Expect: 100-continue\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
    if (const auto a = c.read(); a.status != 100)
      throw std::runtime_error{"append: " + std::to_string(a.status) + ' ' + a.body};
    c.send(piece);
  }
  /// What HEAD says.
  std::string offset(const std::string& place) {
    return ask("HEAD", place).field("upload-offset");
  }
  /// What a restart would find of it.
  std::uint64_t durable(const std::string& place) {
    return reader().find_upload(id_of(place)).value().offset;
  }
  static std::string id_of(const std::string& place) {
    return place.substr(place.rfind('/') + 1);
  }
  std::string bytes_at(const std::string& place) {
    return stored_bytes(id_of(place));
  }
};

} // namespace mediad::tests
