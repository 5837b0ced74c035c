#include "net/uploads/location.hpp"

#include "net/http/forwarded.hpp"

namespace mediad::net::uploads {

std::string location_of(const exchange& x, const std::string& id) {
  if (x.asker().by == known_by::share)
    return x.options().base_path + "/s/" + x.to().segments.at(1) + "/files/" + id;
  return x.options().base_path + "/v1/files/" + id;
}

void set_location(const exchange& x, answer& a, const std::string& id) {
  a.set(http::field::location, public_origin(x) + location_of(x, id));
  a.set("Mediad-Progress-Id", id);
}

void set_described_by(const exchange& x, answer& a, const std::string& id) {
  if (x.asker().by == known_by::share)
    return;
  a.set(http::field::link, '<' + location_of(x, id) + R"(>; rel="describedby")");
}

} // namespace mediad::net::uploads
