#include "net/routes.hpp"

#include "net/events/events.hpp"
#include "net/files/batch.hpp"
#include "net/files/delivery.hpp"
#include "net/files/lists.hpp"
#include "net/files/records.hpp"
#include "net/files/timeline.hpp"
#include "net/files/trash.hpp"
#include "net/folders/folders.hpp"
#include "net/handlers.hpp"
#include "net/pages.hpp"
#include "net/people/audit.hpp"
#include "net/people/links.hpp"
#include "net/people/password.hpp"
#include "net/people/second_factor.hpp"
#include "net/people/sessions.hpp"
#include "net/people/sign_in.hpp"
#include "net/people/signing.hpp"
#include "net/people/tickets.hpp"
#include "net/people/tokens.hpp"
#include "net/people/users.hpp"
#include "net/shares/guest.hpp"
#include "net/shares/shares.hpp"
#include "net/tus/tus.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace mediad::net {

namespace {

using http::verb;

constexpr rights anybody{};
constexpr rights upload{right::upload};
constexpr rights read{right::read};
constexpr rights write{right::write};
constexpr rights remove{right::remove};
constexpr rights share{right::share};
constexpr rights admin{right::admin};
// A caller that may only upload must be able to follow what it has sent.
constexpr rights read_sent{right::read, right::upload};
constexpr rights write_sent{right::write, right::upload};
// Uploads make folders on their way, too.
constexpr rights make{right::write, right::upload};
// Which of them is needed, the body says.
constexpr rights write_remove{right::write, right::remove};
// Whatever one may do: it concerns the caller alone.
constexpr rights anyone_known = rights::all();

constexpr auto of_list =
  query_parameters::only("profile", "status", "folder", "tag", "favourite", "from", "to", "sort",
                         "order", "trash", "limit", "cursor");
constexpr auto of_tags = query_parameters::only("limit", "cursor");
constexpr auto of_month = query_parameters::only("cursor");
constexpr auto nothing = query_parameters::only();
constexpr auto any = query_parameters::some();
constexpr auto of_record = query_parameters::only("wait", "trash");
constexpr auto of_upload = query_parameters::some("name", "modified", "folder");
constexpr auto of_guests_upload = query_parameters::some("name", "modified");
constexpr auto of_put = query_parameters::some("modified");
constexpr auto of_folders = query_parameters::only("parent", "limit", "cursor");
constexpr auto of_folder_removal = query_parameters::some("recursive");
constexpr auto of_events = query_parameters::some("since", "file");
constexpr auto of_bytes = query_parameters::some("download", "trash", "signature");
constexpr auto of_made = query_parameters::some("download", "v", "trash", "signature");
constexpr auto of_shared_list = query_parameters::only("cursor");
constexpr auto of_shared = query_parameters::some("download");
constexpr auto of_shared_made = query_parameters::some("download", "v");
constexpr auto of_audit = query_parameters::only("limit", "cursor");
constexpr auto of_deletion = query_parameters::some("permanent");
constexpr auto of_removal = query_parameters::some("files", "to");
constexpr auto of_readiness = query_parameters::some("verbose");

constexpr std::size_t max_quoted = 80; ///< Bytes of a client's word in a sentence.

// clang-format off
constexpr std::array table{
  route{verb::post,    "/v1/files",                        upload,     doors::create, of_upload},
  route{verb::get,     "/v1/files",                        read,       send_list, of_list},
  route{verb::post,    "/v1/files/batch",                  write_remove, change_many},
  route{verb::get,     "/v1/files/{id}",                   read_sent,  send_record, of_record},
  route{verb::head,    "/v1/files/{id}",                   read_sent,  doors::send_offset},
  route{verb::patch,   "/v1/files/{id}",                   write_sent, doors::patch},
  route{verb::delete_, "/v1/files/{id}",                   remove,     doors::remove, of_deletion},
  route{verb::post,    "/v1/files/{id}/cancel",            write_sent, cancel_processing},
  route{verb::post,    "/v1/files/{id}/retry",             write,      retry_processing},
  route{verb::post,    "/v1/files/{id}/restore",           write,      restore_record},
  route{verb::delete_, "/v1/trash",                        remove,     empty_trash},
  route{verb::get,     "/v1/files/{id}/content",           read,       deliver_content, of_bytes},
  route{verb::get,     "/v1/files/{id}/preview",           read,       deliver_preview, of_made},
  route{verb::get,     "/v1/files/{id}/renditions/{name}", read,       deliver_rendition, of_made},
  route{verb::get,     "/v1/files/{id}/archive",           read,       deliver_archive, of_made},
  route{verb::post,    "/v1/files/{id}/sign",              share,      people::sign_part},
  // A pattern with `{path}` comes before those that it includes: the last row that fits counts.
  route{verb::put,     "/v1/folders/{path}/{name}",        upload,     folders::put_file, of_put},
  route{verb::get,     "/v1/folders",                      read,       folders::list_folders, of_folders},
  route{verb::post,    "/v1/folders",                      make,       folders::make_folder},
  route{verb::get,     "/v1/folders/{id}",                 read,       folders::send_folder, nothing},
  route{verb::patch,   "/v1/folders/{id}",                 write,      folders::change_folder},
  route{verb::delete_, "/v1/folders/{id}",                 remove,     folders::remove_folder, of_folder_removal},
  route{verb::put,     "/v1/folders/{id}/grants",          share,      folders::set_grants},
  route{verb::get,     "/v1/timeline",                     read,       send_months, nothing},
  route{verb::get,     "/v1/timeline/{month}",             read,       send_month, of_month},
  route{verb::get,     "/v1/tags",                         read,       send_tags, of_tags},
  route{verb::get,     "/v1/events",                       read_sent,  events::serve, of_events},
  route{verb::post,    "/v1/session",                      anybody,    people::sign_in},
  route{verb::get,     "/v1/session",                      anyone_known, people::send_session, nothing},
  route{verb::delete_, "/v1/session",                      anyone_known, people::sign_out},
  route{verb::get,     "/v1/sessions",                     anyone_known, people::list_sessions, nothing},
  route{verb::delete_, "/v1/sessions",                     anyone_known, people::end_other_sessions},
  route{verb::delete_, "/v1/sessions/{id}",                anyone_known, people::end_session},
  route{verb::put,     "/v1/password",                     anyone_known, people::change_password},
  route{verb::get,     "/v1/totp",                         anyone_known, people::send_second_factor, nothing},
  route{verb::post,    "/v1/totp",                         anyone_known, people::propose_second_factor},
  route{verb::put,     "/v1/totp",                         anyone_known, people::turn_second_factor_on},
  route{verb::post,    "/v1/totp/disable",                 anyone_known, people::turn_second_factor_off},
  route{verb::get,     "/v1/tokens",                       anyone_known, people::list_tokens, nothing},
  route{verb::post,    "/v1/tokens",                       anyone_known, people::make_token},
  route{verb::delete_, "/v1/tokens/{id}",                  anyone_known, people::end_token},
  route{verb::post,    "/v1/tickets",                      upload,     people::make_ticket},
  route{verb::delete_, "/v1/tickets/{id}",                 upload,     people::end_ticket},
  route{verb::get,     "/v1/users",                        admin,      people::list_users, nothing},
  route{verb::post,    "/v1/users",                        admin,      people::make_user},
  route{verb::get,     "/v1/users/{id}",                   admin,      people::send_user, nothing},
  route{verb::patch,   "/v1/users/{id}",                   admin,      people::change_user},
  route{verb::delete_, "/v1/users/{id}",                   admin,      people::remove_user, of_removal},
  route{verb::post,    "/v1/users/{id}/link",              admin,      people::make_link},
  route{verb::get,     "/v1/audit",                        admin,      people::list_audit, of_audit},
  route{verb::get,     "/v1/shares",                       share,      shares::list_shares, nothing},
  route{verb::post,    "/v1/shares",                       share,      shares::make_share},
  route{verb::get,     "/v1/shares/{id}",                  share,      shares::send_own_share, nothing},
  route{verb::patch,   "/v1/shares/{id}",                  share,      shares::change_share},
  route{verb::delete_, "/v1/shares/{id}",                  share,      shares::end_share},
  route{verb::get,     "/s/{key}",                         anybody,    shares::send_page},
  route{verb::get,     "/s/{key}/share",                   anybody,    shares::send_share, nothing},
  route{verb::post,    "/s/{key}/password",                anybody,    shares::take_password},
  route{verb::get,     "/s/{key}/files",                   anybody,    shares::send_files, of_shared_list, read},
  route{verb::post,    "/s/{key}/files",                   anybody,    shares::take_files, of_guests_upload, upload},
  route{verb::get,     "/s/{key}/files/{id}",              anybody,    shares::send_file, nothing, read},
  route{verb::head,    "/s/{key}/files/{id}",              anybody,    tus::send_offset, any, upload},
  route{verb::patch,   "/s/{key}/files/{id}",              anybody,    tus::append, any, upload},
  route{verb::get,     "/s/{key}/files/{id}/content",      anybody,    shares::send_content, of_shared, read},
  route{verb::get,     "/s/{key}/files/{id}/preview",      anybody,    deliver_preview, of_shared_made, read},
  route{verb::get,     "/s/{key}/files/{id}/renditions/{name}", anybody, deliver_rendition, of_shared_made, read},
  route{verb::get,     "/s/{key}/files/{id}/archive",      anybody,    shares::send_archive, of_shared_made, read},
  route{verb::get,     "/v1/admin/status",                 admin,      send_status, nothing},
  route{verb::post,    "/v1/admin/reload",                 admin,      reload_server},
  route{verb::post,    "/v1/notices",                      admin,      take_notice},
  route{verb::get,     "/livez",                           anybody,    send_alive},
  route{verb::get,     "/readyz",                          anybody,    send_ready, of_readiness},
  route{verb::get,     "/metrics",                         admin,      send_metrics},
};
// clang-format on

constexpr std::string_view any_names = "{path}"; ///< Stands for any number of segments.

/// The next segment of a pattern, taken off it with the slash before it.
std::string_view take_segment(std::string_view& pattern) {
  pattern.remove_prefix(1);
  const auto wanted = pattern.substr(0, pattern.find('/'));
  pattern.remove_prefix(wanted.size());
  return wanted;
}

/// What stood for `{…}`, or nothing if the path is another.
std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& segments) {
  std::vector<std::string> arguments;
  std::size_t at = 0;
  while (!pattern.empty()) {
    const auto wanted = take_segment(pattern);
    if (wanted == any_names) {
      const auto behind = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '/'));
      for (; at + behind < segments.size(); ++at)
        arguments.push_back(segments[at]);
      continue;
    }
    if (at == segments.size())
      return std::nullopt;
    const auto& segment = segments[at++];
    if (wanted.starts_with('{') && !segment.empty())
      arguments.push_back(segment);
    else if (wanted != segment)
      return std::nullopt;
  }
  if (at != segments.size())
    return std::nullopt;
  return arguments;
}

void add_method(std::string& allow, verb method) {
  if (method == verb::head) // GET has named it
    return;
  const std::string name{to_string(method)};
  if ((", " + allow + ',').find(", " + name + ',') != std::string::npos)
    return; // two patterns may lead to one path
  if (!allow.empty())
    allow += ", ";
  allow += name;
  if (method == verb::get)
    allow += ", HEAD";
}

} // namespace

std::span<const route> all_routes() {
  return table;
}

bool is_for_tickets(const route& r) {
  constexpr std::array places{"/v1/files", "/v1/files/{id}", "/v1/files/{id}/cancel", "/v1/events"};
  return r.needs.has(right::upload)
         && std::find(places.begin(), places.end(), r.pattern) != places.end();
}

bool takes_token_later(const route& r) {
  return r.answer == events::serve;
}

routing find_route(verb method, const std::vector<std::string>& segments) {
  const auto goes_to = [method](const route& r) {
    return r.method == method || (method == verb::head && r.method == verb::get);
  };
  routing out;
  for (const auto& r : table) {
    auto arguments = match(r.pattern, segments);
    if (!arguments)
      continue;
    add_method(out.allow, r.method);
    if (!goes_to(r))
      continue;
    out.found = &r;
    out.arguments = *std::move(arguments);
  }
  if (!out.allow.empty())
    out.allow += ", OPTIONS";
  return out;
}

std::string all_methods() {
  std::string allow;
  for (const auto method : {verb::get, verb::post, verb::put, verb::patch, verb::delete_})
    if (std::any_of(table.begin(), table.end(), [=](const route& r) { return r.method == method; }))
      add_method(allow, method);
  return allow + ", OPTIONS";
}

std::optional<std::string> find_refused_parameter(const route& r, const fields::target& to) {
  if (!r.takes.refuses_others())
    return std::nullopt;
  const auto known = r.takes.names();
  const auto other = std::find_if(to.query.begin(), to.query.end(), [known](const auto& one) {
    // An empty one is all that a lone `?` or a last `&` brings.
    return !one.first.empty() && std::find(known.begin(), known.end(), one.first) == known.end();
  });
  if (other == to.query.end())
    return std::nullopt;
  auto sentence = "There is no parameter `" + other->first.substr(0, max_quoted) + "` here; there ";
  if (known.empty())
    return sentence + "are none.";
  sentence += known.size() == 1 ? "is `" : "are `";
  for (const auto name : known)
    sentence.append(name == known.front() ? "" : "`, `").append(name);
  return sentence + "`.";
}

} // namespace mediad::net
