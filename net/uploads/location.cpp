#include "net/uploads/location.hpp"

#include "net/http/forwarded.hpp"

namespace mediad::net::uploads {

std::string location_of(const std::string& id) {
  return "/v1/files/" + id;
}

void set_location(const exchange& x, answer& a, const std::string& id) {
  a.set(http::field::location, public_origin(x) + location_of(id));
  a.set("Mediad-Progress-Id", id);
}

void set_described_by(answer& a, const std::string& id) {
  a.set(http::field::link, '<' + location_of(id) + R"(>; rel="describedby")");
}

} // namespace mediad::net::uploads
