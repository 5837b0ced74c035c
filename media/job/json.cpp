#include "media/job/json.hpp"

#include "media/options.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace mediad {

// Strict on purpose: at() throws and names a member that is missing or of another type.
static void to_json(nlohmann::json& j, const made_file& file) {
  j = {{"name", file.name},     {"media_type", file.media_type}, {"width", file.width},
       {"height", file.height}, {"bytes", file.bytes},           {"sha256", file.sha256}};
}

static void from_json(const nlohmann::json& j, made_file& file) {
  j.at("name").get_to(file.name);
  j.at("media_type").get_to(file.media_type);
  j.at("width").get_to(file.width);
  j.at("height").get_to(file.height);
  j.at("bytes").get_to(file.bytes);
  j.at("sha256").get_to(file.sha256);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(splice, at, file, bytes)

} // namespace mediad

namespace mediad::media {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(sandbox_report, no_new_privileges, resource_limits, seccomp,
                                   landlock, network, processes)

namespace {

using nlohmann::json;

// Names come from clients and messages from libraries: bytes that are not UTF-8 must not make
// dump() throw.
std::string text_of(const json& j) {
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class T, class Parse>
T parse_word(const json& j, const char* member, Parse parse) {
  const auto& word = j.at(member).get_ref<const std::string&>();
  const auto value = parse(word);
  if (!value)
    throw std::invalid_argument{std::string{member} + ": unknown word " + word};
  return *value;
}

std::optional<errc> parse_errc(std::string_view word) {
  for (auto code = static_cast<int>(errc::bad_request); code <= static_cast<int>(errc::internal);
       ++code)
    if (to_string(static_cast<errc>(code)) == word)
      return static_cast<errc>(code);
  return std::nullopt;
}

// Constructs the result in place: an answer may itself hold an error, so both types would fit.
template <class Decode>
auto guarded(const char* what, std::string_view packet, Decode decode)
  -> result<decltype(decode(std::declval<const json&>()))> {
  using outcome = result<decltype(decode(std::declval<const json&>()))>;
  try {
    return outcome{boost::system::in_place_value, decode(json::parse(packet))};
  } catch (const std::exception& e) {
    return outcome{boost::system::in_place_error,
                   fail(errc::internal, std::string{what} + ": " + e.what())};
  }
}

json answer_json(const job_progress& progress) {
  return {{"answer", "progress"}, {"fraction", progress.fraction}};
}

json answer_json(const job_result& done) {
  return {
    {"answer", "done"},       {"profile", to_string(done.profile)}, {"media_type", done.media_type},
    {"media", done.media},    {"thumbhash", done.thumbhash},        {"files", done.files},
    {"splices", done.splices}};
}

json answer_json(const error& e) {
  return {{"answer", "failed"}, {"code", to_string(e.code)}, {"detail", e.detail}};
}

job_result parse_done(const json& j) {
  job_result done;
  done.profile = parse_word<profile>(j, "profile", parse_profile);
  j.at("media_type").get_to(done.media_type);
  j.at("media").get_to(done.media);
  j.at("thumbhash").get_to(done.thumbhash);
  j.at("files").get_to(done.files);
  j.at("splices").get_to(done.splices);
  return done;
}

from_worker parse_answer(const json& j) {
  const auto& answer = j.at("answer").get_ref<const std::string&>();
  if (answer == "progress")
    return job_progress{j.at("fraction").get<double>()};
  if (answer == "done")
    return parse_done(j);
  if (answer == "failed")
    return error{parse_word<errc>(j, "code", parse_errc), j.at("detail").get<std::string>()};
  throw std::invalid_argument{"answer: unknown word " + answer};
}

const options::option<parameters>& option_named(std::string_view section, std::string_view key) {
  const auto& all = job_options();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) {
    return one.section == section && one.key == key;
  });
  if (found == all.end())
    throw std::invalid_argument{"parameters: no " + std::string{section} + "." + std::string{key}};
  return *found;
}

// Both programs are of one build and so have the same defaults: only what differs is sent.
json parameters_json(const parameters& p) {
  static const parameters defaults;
  auto out = json::object();
  if (p == defaults) // of nearly every job, and a fifth of the cost of asking each row
    return out;
  for (const auto& one : job_options())
    if (auto value = one.to_json(p); value != one.to_json(defaults))
      out[one.section][one.key] = std::move(value);
  return out;
}

parameters parse_parameters(const json& j) {
  parameters p;
  for (const auto& [section, members] : j.get_ref<const json::object_t&>())
    for (const auto& [key, value] : members.get_ref<const json::object_t&>())
      option_named(section, key).from_json(p, value);
  return p;
}

job parse_job(const json& packet) {
  job work;
  packet.at("file_id").get_to(work.file_id);
  work.kind = parse_word<job_kind>(packet, "kind", parse_job_kind);
  packet.at("output_dir").get_to(work.output_dir);
  packet.at("name").get_to(work.name);
  packet.at("media_type").get_to(work.media_type);
  packet.at("sha256").get_to(work.sha256);
  packet.at("modified_at").get_to(work.modified_at);
  packet.at("members").get_to(work.members);
  work.parameters = parse_parameters(packet.at("parameters"));
  return work;
}

} // namespace

std::string encode(const worker_settings& s) {
  json out;
  for (const auto& one : worker_options())
    out[one.section][one.key] = one.to_json(s);
  return text_of(out);
}

std::string encode(const job& work) {
  return text_of({{"file_id", work.file_id},
                  {"kind", to_string(work.kind)},
                  {"output_dir", work.output_dir},
                  {"name", work.name},
                  {"media_type", work.media_type},
                  {"sha256", work.sha256},
                  {"modified_at", work.modified_at},
                  {"members", work.members},
                  {"parameters", parameters_json(work.parameters)}});
}

std::string encode(const from_worker& answer) {
  return text_of(std::visit([](const auto& a) { return answer_json(a); }, answer));
}

std::string encode(const sandbox_report& report) {
  return text_of(report);
}

result<sandbox_report> decode_report(std::string_view packet) {
  return guarded("report packet", packet, [](const json& j) { return j.get<sandbox_report>(); });
}

result<worker_settings> decode_settings(std::string_view packet) {
  return guarded("settings packet", packet, [](const json& j) {
    worker_settings s;
    for (const auto& one : worker_options())
      one.from_json(s, j.at(one.section).at(one.key));
    return s;
  });
}

result<job> decode_job(std::string_view packet) {
  return guarded("job packet", packet, parse_job);
}

result<from_worker> decode_answer(std::string_view packet) {
  return guarded("answer packet", packet, parse_answer);
}

} // namespace mediad::media
