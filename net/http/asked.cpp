#include "net/http/asked.hpp"

#include "net/access/signed_url.hpp"

namespace mediad::net {

result<file_record> find_asked_file(const exchange& x, in_trash trash) {
  return find_own_file(x.storage(), x.asker(), x.arguments.at(0), trash);
}

result<file_record> find_shown_file(const exchange& x) {
  const bool shows_trash = x.query("trash") == "1" && x.asker().by != known_by::share;
  return find_asked_file(x, shows_trash ? in_trash::shown : in_trash::hidden);
}

result<upload_state> find_asked_upload(const exchange& x) {
  return find_own_upload(x.storage(), x.asker(), x.arguments.at(0));
}

std::optional<answer> refuse_bounded(exchange& x) {
  if (x.asker().folder.empty())
    return std::nullopt;
  return x.make_problem(missing_right,
                        "This is about all files of a user; your token is for one folder.");
}

bool shows_signature(const exchange& x) {
  const auto method = x.request().method();
  return (method == http::verb::get || method == http::verb::head) && x.query(signature_parameter)
         && part_of_path(x.to().segments);
}

} // namespace mediad::net
