#pragma once

#include "base/sha256.hpp"
#include "tests/net/support/http_fixture.hpp"

#include <string>

namespace mediad::tests {

/// The HTTP side, spoken to in tus 1.0, byte by byte.
struct tus_fixture : http_fixture {
  static inline const std::string tus = "Tus-Resumable: 1.0.0\r\n";
  static inline const std::string stream = "Content-Type: application/offset+octet-stream\r\n";

  /// POST; @p fields beside Tus-Resumable.
  http_answer create(const std::string& fields, const std::string& body = "") {
    return ask("POST", "/v1/files", body, tus + (body.empty() ? "" : stream) + fields);
  }
  /// The path of a new upload of this length.
  std::string created(std::size_t length, const std::string& fields = "") {
    const auto a = create("Upload-Length: " + std::to_string(length) + "\r\n" + fields);
    if (a.status != 201)
      throw std::runtime_error{"creation: " + std::to_string(a.status) + ' ' + a.body};
    return a.field("location");
  }
  http_answer append(const std::string& place, std::size_t offset, const std::string& body,
                     const std::string& fields = "") {
    return ask("PATCH", place, body,
               tus + stream + "Upload-Offset: " + std::to_string(offset) + "\r\n" + fields);
  }
  http_answer head(const std::string& place) {
    return ask("HEAD", place, "", tus);
  }
  /// What HEAD says.
  std::string offset(const std::string& place) {
    return head(place).field("upload-offset");
  }
  std::string id_of(const std::string& place) {
    return place.substr(place.rfind('/') + 1);
  }
  std::string bytes_at(const std::string& place) {
    return stored_bytes(id_of(place));
  }
  std::string state_of(const std::string& place) {
    return json::parse(ask("GET", place).body)["status"];
  }
};

/// An IMF-fixdate (RFC 9110 section 5.6.7).
inline bool is_http_date(const std::string& text) {
  return text.size() == 29 && text.substr(3, 2) == ", " && text.substr(25) == " GMT";
}

} // namespace mediad::tests
