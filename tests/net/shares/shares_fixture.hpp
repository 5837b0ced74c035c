#pragma once

#include "tests/net/support/people_fixture.hpp"

#include <string>
#include <vector>

namespace mediad::tests {

/// People who share, and their guests. All files are ada's.
struct shares_fixture : people_fixture {
  struct made_link {
    std::string id;
    std::string path; ///< `/s/{key}`.
  };

  /// What a program with all rights of ada's sends.
  std::string ada_all() {
    return token_of(ada, net::rights::all().to_bits());
  }
  http_answer share_with(const std::string& fields, const json& body) {
    return ask_json("POST", "/v1/shares", body, fields);
  }
  made_link shared(const json& body) {
    return link_in(share_with(ada_all(), body));
  }
  static made_link link_in(const http_answer& made) {
    if (made.status != 201)
      throw std::runtime_error{"sharing: " + std::to_string(made.status) + ' ' + made.body};
    const auto told = json::parse(made.body);
    const auto url = told["url"].get<std::string>();
    return {told["id"], url.substr(url.find("/s/"))};
  }
  made_link showing(const std::string& allow, const std::vector<std::string>& files,
                    json more = json::object()) {
    more["allow"] = allow;
    more["files"] = files;
    return shared(more);
  }
  made_link inbox(json more = json::object()) {
    more["allow"] = "upload";
    return shared(more);
  }
  /// A file of ada's that is ready, with its previews and renditions.
  std::string photo(const std::string& name = "beach.jpg", const std::string& bytes = "sand") {
    return finished("local", name, bytes).id;
  }

  static std::string body_in(const http_answer& a) {
    return a.body;
  }
  int status_at(const std::string& target, const std::string& fields = "",
                const std::string& method = "GET") {
    return ask(method, target, "", fields).status;
  }
  json json_at(const std::string& target, const std::string& fields = "") {
    return json::parse(ask("GET", target, "", fields).body);
  }
};

} // namespace mediad::tests
