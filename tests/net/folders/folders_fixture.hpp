#pragma once

#include "tests/net/support/people_fixture.hpp"

#include <string>
#include <vector>

namespace mediad::tests {

/// Ada and mia, by programs with all rights.
struct folders_fixture : people_fixture {
  std::string by_ada;
  std::string by_mia;

  folders_fixture() {
    start_with_people();
    by_ada = token_of(ada, net::rights::all().to_bits());
    by_mia = token_of(mia, net::rights::all().to_bits());
  }

  http_answer make(const json& body, const std::string& fields) {
    return ask_json("POST", "/v1/folders", body, fields);
  }
  /// Id of the folder at this path of mia's.
  std::string folder(const std::string& path) {
    return folder_of(path, by_mia);
  }
  std::string folder_of(const std::string& path, const std::string& fields) {
    const auto a = make({{"path", path}}, fields);
    if (a.status != 201 && a.status != 200)
      throw std::runtime_error{"a folder: " + std::to_string(a.status) + ' ' + a.body};
    return json::parse(a.body)["id"];
  }
  json folder_at(const std::string& id, const std::string& fields) {
    return json::parse(ask("GET", "/v1/folders/" + id, "", fields).body);
  }
  /// Uploads a raw body with these parameters; its id.
  std::string sent(const std::string& query, const std::string& fields,
                   const std::string& body = "sand") {
    const auto a = ask("POST", "/v1/files?name=a.bin&" + query, body, fields);
    if (a.status != 201)
      throw std::runtime_error{"an upload: " + std::to_string(a.status) + ' ' + a.body};
    return json::parse(a.body)["id"];
  }
  std::string sent_to(const std::string& folder, const std::string& fields) {
    return sent("folder=" + folder, fields);
  }
  std::string path_of_file(const std::string& id) {
    return find(id).folder_path;
  }
  std::vector<std::string> paths_for(const std::string& fields, const std::string& query = "") {
    std::vector<std::string> all;
    for (const auto& one : items_of("/v1/folders" + query, fields))
      all.push_back(one["path"]);
    return all;
  }
  /// Ids of the files that a list has.
  std::vector<std::string> files_for(const std::string& fields, const std::string& query = "") {
    std::vector<std::string> all;
    const auto page = json::parse(ask("GET", "/v1/files" + query, "", fields).body);
    for (const auto& one : page["files"])
      all.push_back(one["id"]);
    return all;
  }
  static std::string detail_of(const http_answer& a) {
    return json::parse(a.body)["detail"];
  }
  int status_for(const std::string& method, const std::string& target, const std::string& fields) {
    return ask(method, target, "", fields).status;
  }
  int patched(const std::string& id, const json& body, const std::string& fields) {
    return ask_json("PATCH", "/v1/folders/" + id, body, fields).status;
  }
};

} // namespace mediad::tests
