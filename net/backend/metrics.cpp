#include "net/backend/metrics.hpp"

namespace mediad::net {

namespace {

std::array<metrics::number*, 5> add_answers(metrics::registry& all) {
  std::array<metrics::number*, 5> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = &all.add_counter("mediad_http_responses_total", "Answers by class of status.",
                              {{"class", std::to_string(i + 1) + "xx"}});
  return out;
}

} // namespace

http_counters::http_counters(metrics::registry& all)
  : connections{all.add_gauge("mediad_connections", "Connections open now.")},
    accepted{all.add_counter("mediad_connections_total", "Connections accepted.")},
    receiving{all.add_gauge("mediad_uploads_receiving", "Files whose bytes are arriving now.")},
    uploads{all.add_counter("mediad_uploads_total", "Files taken whole.")},
    upload_bytes{all.add_counter("mediad_upload_bytes_total", "Bytes of files received.")},
    wrong_passwords{all.add_counter("mediad_wrong_passwords_total",
                                    "Wrong passwords, of people who sign in or change theirs.")},
    answers{add_answers(all)} {}

} // namespace mediad::net
