#pragma once

#include "tests/net/support/http_client.hpp"
#include "tests/net/support/served.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

namespace mediad::tests {

using fields = std::initializer_list<std::pair<const char*, std::string>>;

/// A server with a real store, and a browser of the user ann that asks it for bytes.
struct delivery_fixture : served {
  delivery_fixture() {
    start();
    browser = std::make_unique<http_client>(server->address());
  }

  static std::string url(const file_record& r, const std::string& rest = "/content") {
    return "/v1/files/" + r.id + rest;
  }

  file_record upload_as(const std::string& name, const std::string& bytes, profile kind,
                        const std::string& media_type) {
    auto a = arrival_of(begin("ann", name, bytes), bytes);
    a.profile = kind;
    a.media_type = media_type;
    return apply(a).value().record;
  }

  /// Its archive leaves out the original and a rendition.
  file_record spliced(const std::string& original, const std::string& made) {
    const auto r = upload("ann", "a.jpg", original);
    go(r.id, status::processing).value();
    return apply(spliced_outcome(find(r.id), made)).value().record;
  }

  http_answer get(const std::string& target, fields more = {}) {
    return ask("GET", target, more);
  }

  http_answer get(const file_record& r, fields more = {}) {
    return get(url(r), more);
  }

  http_answer head(const file_record& r, fields more = {}) {
    return ask("HEAD", url(r), more);
  }

  http_answer ask(const std::string& method, const std::string& target, fields more) {
    std::string lines;
    for (const auto& [name, value] : more)
      lines.append(name).append(": ").append(value).append("\r\n");
    return browser->ask(method, target, "", lines);
  }

  std::unique_ptr<http_client> browser;
};

} // namespace mediad::tests
