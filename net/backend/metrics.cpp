#include "net/backend/metrics.hpp"

namespace mediad::net {

namespace {

void add_head(std::string& out, std::string_view name, std::string_view type,
              std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void add_value(std::string& out, std::string_view name, std::uint64_t value) {
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

} // namespace

std::string to_prometheus(const metrics& m) {
  std::string out;
  add_head(out, "mediad_connections", "gauge", "Connections open now.");
  add_value(out, "mediad_connections", m.connections);
  add_head(out, "mediad_connections_total", "counter", "Connections accepted.");
  add_value(out, "mediad_connections_total", m.accepted);
  add_head(out, "mediad_uploads_receiving", "gauge", "Files whose bytes are arriving now.");
  add_value(out, "mediad_uploads_receiving", m.receiving);
  add_head(out, "mediad_uploads_total", "counter", "Files taken whole.");
  add_value(out, "mediad_uploads_total", m.uploads);
  add_head(out, "mediad_upload_bytes_total", "counter", "Bytes of files received.");
  add_value(out, "mediad_upload_bytes_total", m.upload_bytes);
  add_head(out, "mediad_http_responses_total", "counter", "Answers by class of status.");
  for (std::size_t i = 0; i < m.answers.size(); ++i)
    add_value(out, "mediad_http_responses_total{class=\"" + std::to_string(i + 1) + "xx\"}",
              m.answers[i]);
  return out;
}

} // namespace mediad::net
