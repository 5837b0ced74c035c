#include "net/events/sse.hpp"

namespace mediad::net::events {

std::string sse_event(const frame& f) {
  std::string out;
  if (f.seq != 0)
    out = "id: " + std::to_string(f.seq) + "\n";
  // JSON has no line breaks of its own when it is written compactly; were there one, it would end
  // the field, and a field name of the sender's choice could follow.
  out += "data: ";
  for (const char c : f.text) {
    if (c == '\n')
      out += "\ndata: ";
    else if (c != '\r')
      out += c;
  }
  return out + "\n\n";
}

std::string sse_retry(std::chrono::milliseconds wait) {
  return "retry: " + std::to_string(wait.count()) + "\n\n";
}

std::string sse_ping() {
  return ":\n\n";
}

} // namespace mediad::net::events
