#define CAF_SUITE net_routes

#include "net/routes.hpp"

#include "base/file.hpp"
#include "net/files/delivery.hpp"
#include "net/files/lists.hpp"
#include "net/files/records.hpp"
#include "net/folders/folders.hpp"
#include "net/handlers.hpp"
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

json document() {
  return json::parse(read_file(MEDIAD_SOURCE_DIR "/docs/openapi.json", 1U << 20U).value());
}

/// What the document says of a row's operation.
json find_operation(const json& document, const net::route& r) {
  const auto method = operation(r.method, "");
  return document.at("paths").at(std::string{r.pattern}).at(method.substr(0, method.size() - 1));
}

/// The parameters of the query that the document lists for the operation of a row.
std::set<std::string> query_in_document(const json& document, const net::route& r) {
  std::set<std::string> names;
  for (const auto& one : find_operation(document, r).value("parameters", json::array())) {
    const auto& parameter =
      one.contains("$ref")
        ? document.at(json::json_pointer{one["$ref"].get<std::string>().substr(1)})
        : one;
    if (parameter.at("in") == "query")
      names.insert(parameter.at("name"));
  }
  return names;
}

/// The words behind `x-rights` of a row's operation, with commas; empty if it is open to all.
std::string rights_in_document(const json& document, const net::route& r) {
  net::rights some;
  for (const auto& word : find_operation(document, r).value("x-rights", json::array()))
    some.add(net::parse_right(word.get<std::string>()).value());
  return to_string(some);
}

/// Whether the document says that the row's GET answers with JSON.
bool answers_with_json(const json& document, const net::route& r) {
  if (r.method != verb::get)
    return false;
  return find_operation(document, r)
    .at("responses")
    .at("200")
    .value("content", json::object())
    .contains("application/json");
}

std::string refusal_of(const char* target) {
  const auto to = net::fields::parse_target(target).value();
  const auto* found = find_route(verb::get, to.segments).found;
  return net::find_refused_parameter(*found, to).value_or("");
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
  const auto told_of = document();
  std::set<std::string> all;
  for (const auto& [pattern, methods] : told_of.at("paths").items())
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

CAF_TEST(each route takes the parameters that the document lists) {
  const auto told = document();
  for (const auto& r : net::all_routes()) {
    const auto names = r.takes.names();
    const std::set<std::string> taken{names.begin(), names.end()};
    CAF_MESSAGE(operation(r.method, r.pattern));
    CAF_CHECK_EQUAL(taken, query_in_document(told, r));
  }
}

CAF_TEST(the document says for each route which rights open it and how it is closed without) {
  const auto all = document();
  for (const auto& r : net::all_routes()) {
    CAF_MESSAGE(operation(r.method, r.pattern));
    CAF_CHECK_EQUAL(to_string(r.needs), rights_in_document(all, r));
    const auto told = find_operation(all, r);
    CAF_CHECK_EQUAL(told.contains("security"), r.needs.empty()); // `[]`: without credentials
    for (const auto* status : {"401", "403"})
      CAF_CHECK(r.needs.empty() || told.at("responses").contains(status));
  }
}

CAF_TEST(a GET that answers with JSON refuses other parameters and no other route does) {
  const auto told = document();
  for (const auto& r : net::all_routes()) {
    CAF_MESSAGE(operation(r.method, r.pattern));
    CAF_CHECK_EQUAL(r.takes.refuses_others(), answers_with_json(told, r));
  }
}

CAF_TEST(a refused parameter is named together with those that are taken) {
  CAF_CHECK_EQUAL(refusal_of("/v1/files?limit=1&stauts=ready"),
                  "There is no parameter `stauts` here; there are `profile`, `status`, `folder`, "
                  "`tag`, `favourite`, `from`, `to`, `sort`, `order`, `trash`, `limit`, "
                  "`cursor`.");
  CAF_CHECK_EQUAL(refusal_of("/v1/files/ID?limit=1"),
                  "There is no parameter `limit` here; there are `wait`, `trash`.");
  for (const auto* fine : {"/v1/files", "/v1/files?", "/v1/files?limit=1&", "/v1/files/ID?wait=1",
                           "/v1/files/ID/content?anything", "/livez?anything"})
    CAF_CHECK_EQUAL(refusal_of(fine), "");
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

CAF_TEST(a path stands for any number of segments and the last row that fits counts) {
  const auto r = find_route(verb::put, path{"v1", "folders", "a", "b c", "x.txt"});
  CAF_REQUIRE(r.found != nullptr);
  CAF_CHECK(r.found->answer == net::folders::put_file);
  const path expected{"a", "b c", "x.txt"};
  CAF_CHECK_EQUAL(r.arguments, expected);
  CAF_CHECK(handler_of(verb::put, path{"v1", "folders", "x.txt"}) == net::folders::put_file);
  CAF_CHECK(handler_of(verb::put, path{"v1", "folders", "a", ""}) == nullptr);
  CAF_CHECK(handler_of(verb::put, path{"v1", "folders"}) == nullptr);
  CAF_CHECK(handler_of(verb::get, path{"v1", "folders", "ID"}) == net::folders::send_folder);
  const auto allowed = find_route(verb::post, path{"v1", "folders", "ID"}).allow;
  CAF_CHECK_EQUAL(allowed, "PUT, GET, HEAD, PATCH, DELETE, OPTIONS");
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
