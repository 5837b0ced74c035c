#define CAF_SUITE net_routes

#include "net/routes.hpp"

#include "base/file.hpp"
#include "net/doors.hpp"
#include "net/files/delivery.hpp"
#include "net/files/records.hpp"
#include "web/assets.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

#define FAIL CAF_FAIL
#include <caf/test/dsl.hpp>

using namespace mediad;
using net::find_route;
using verb = net::http::verb;
using path = std::vector<std::string>;
using json = nlohmann::json;

namespace {

net::handler handler_of(verb method, const path& segments) {
  const auto* found = find_route(method, segments).found;
  return found != nullptr ? found->answer : nullptr;
}

/// `get /v1/files`, as docs/openapi.json names an operation.
std::string operation(verb method, std::string_view pattern) {
  std::string name{to_string(method)};
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return static_cast<char>(c - 'A' + 'a'); });
  return name.append(" ").append(pattern);
}

std::set<std::string> operations_in_table() {
  std::set<std::string> all;
  for (const auto& r : net::all_routes())
    all.insert(operation(r.method, r.pattern));
  return all;
}

/// POST that stands for another method, which is a route.
bool is_override(const json& operation) {
  const json parameter{{"$ref", "#/components/parameters/override"}};
  const auto parameters = operation.value("parameters", json::array());
  return std::find(parameters.begin(), parameters.end(), parameter) != parameters.end();
}

/// Without what no row is for: OPTIONS, which every route knows, POST by which another method is
/// meant, and the files of the page.
std::set<std::string> operations_in_document() {
  const auto text = read_file(MEDIAD_SOURCE_DIR "/docs/openapi.json", 1U << 20U).value();
  const auto document = json::parse(text);
  std::set<std::string> all;
  for (const auto& [pattern, methods] : document.at("paths").items())
    for (const auto& [method, told] : methods.items()) {
      const bool is_route =
        method != "parameters" && method != "options" && web::find_asset(pattern) == nullptr;
      const auto name = method + " " + pattern;
      if (is_route && (!is_override(told) || operations_in_table().contains(name)))
        all.insert(name);
    }
  return all;
}

} // namespace

CAF_TEST(each route is in the document and each operation of the document is a route) {
  CAF_CHECK_EQUAL(operations_in_table(), operations_in_document());
}

CAF_TEST(what no route answers by the document is answered otherwise) {
  for (const auto* page : {"/", "/openapi.json", "/asyncapi.json"})
    CAF_CHECK(web::find_asset(page) != nullptr);
}

CAF_TEST(each method of a path has one row) {
  CAF_CHECK_EQUAL(operations_in_table().size(), net::all_routes().size());
}

CAF_TEST(the methods of the whole server are those of its routes) {
  const auto all = net::all_methods();
  CAF_CHECK(all.starts_with("GET, HEAD, ") && all.ends_with(", OPTIONS"));
  for (const auto& r : net::all_routes()) {
    const std::string method{to_string(r.method)};
    CAF_CHECK(all.find(method) != std::string::npos);
  }
}

CAF_TEST(the same path leads elsewhere by another method) {
  CAF_CHECK(handler_of(verb::post, path{"v1", "files"}) == net::doors::create);
  CAF_CHECK(handler_of(verb::get, path{"v1", "files"}) == net::send_list);
}

CAF_TEST(braces stand for any segment and hand it over in order) {
  const auto r = find_route(verb::get, path{"v1", "files", "ID", "renditions", "a b/c"});
  CAF_REQUIRE(r.found != nullptr);
  CAF_CHECK(r.found->answer == net::deliver_rendition);
  const path expected{"ID", "a b/c"};
  CAF_CHECK_EQUAL(r.arguments, expected);
}

CAF_TEST(HEAD goes wherever GET goes and nowhere else unless it has a route of its own) {
  CAF_CHECK(handler_of(verb::head, path{"v1", "files", "ID", "content"}) == net::deliver_content);
  CAF_CHECK(handler_of(verb::head, path{"v1", "files", "ID"}) == net::doors::send_offset);
  CAF_CHECK(handler_of(verb::head, path{"v1", "files", "ID", "cancel"}) == nullptr);
}

CAF_TEST(a known path by an unknown method names the methods it knows) {
  const auto r = find_route(verb::put, path{"v1", "files", "ID"});
  CAF_CHECK(r.found == nullptr);
  CAF_CHECK_EQUAL(r.allow, "GET, HEAD, PATCH, DELETE, OPTIONS");
}

CAF_TEST(an unknown path allows nothing) {
  for (const auto& p : {path{}, path{"v1"}, path{"v1", "files", ""}, path{"v1", "files", "ID", ""},
                        path{"v1", "files", "", "content"}, path{"v2", "files"},
                        path{"V1", "files"}, path{"v1", "files", "ID", "content", "more"}}) {
    const auto r = find_route(verb::get, p);
    CAF_CHECK(r.found == nullptr);
    CAF_CHECK(r.allow.empty());
  }
}
