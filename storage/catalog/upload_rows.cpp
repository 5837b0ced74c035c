#include "storage/catalog/upload_rows.hpp"

#include <nlohmann/json.hpp>

namespace mediad::storage {
namespace {

using json = nlohmann::ordered_json;

std::string dump(const json& row) {
  return row.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class Read>
auto parse(std::string_view value, Read read) -> result<decltype(read(json{}))> {
  try {
    return read(json::parse(value));
  } catch (const std::exception& e) {
    return fail(errc::internal, std::string{"damaged row of an upload: "} + e.what());
  }
}

} // namespace

std::string encode(const upload_state& u) {
  return dump({{"id", u.id},
               {"user", u.user},
               {"length", u.length},
               {"offset", u.offset},
               {"hash", u.hash},
               {"complete", u.complete},
               {"metadata", u.metadata},
               {"concat", u.concat},
               {"parts", u.parts},
               {"wanted_sha256", u.wanted_sha256},
               {"expires_at", u.expires_at}});
}

result<upload_state> parse_upload(std::string_view value) {
  return parse(value, [](const json& j) {
    upload_state u;
    u.id = j.at("id").get<std::string>();
    u.user = j.at("user").get<std::string>();
    u.length = j.at("length").get<std::uint64_t>();
    u.offset = j.at("offset").get<std::uint64_t>();
    u.hash = j.at("hash").get<std::string>();
    u.complete = j.at("complete").get<bool>();
    u.metadata = j.at("metadata").get<std::string>();
    u.concat = j.at("concat").get<std::string>();
    u.parts = j.at("parts").get<std::vector<std::string>>();
    u.wanted_sha256 = j.at("wanted_sha256").get<std::string>();
    u.expires_at = j.at("expires_at").get<unix_ms>();
    return u;
  });
}

std::string encode(const key_row& k) {
  return dump({{"fingerprint", k.fingerprint},
               {"request", k.request},
               {"files", k.files},
               {"created_at", k.created_at}});
}

result<key_row> parse_key_row(std::string_view value) {
  return parse(value, [](const json& j) {
    key_row k;
    k.fingerprint = j.at("fingerprint").get<std::string>();
    k.request = j.at("request").get<std::string>();
    k.files = j.at("files").get<std::vector<std::string>>();
    k.created_at = j.at("created_at").get<unix_ms>();
    return k;
  });
}

} // namespace mediad::storage
