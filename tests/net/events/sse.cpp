#define CAF_SUITE net_events_sse

#include "net/events/sse.hpp"

#include <caf/test/unit_test.hpp>

using namespace mediad::net::events;

CAF_TEST(an event carries its number as id) {
  const frame f{412, R"({"seq":412})"};
  CAF_CHECK_EQUAL(sse_event(f), "id: 412\ndata: {\"seq\":412}\n\n");
}

CAF_TEST(a live frame leaves the last id as it was) {
  const frame f{0, R"({"type":"file.progress"})"};
  CAF_CHECK_EQUAL(sse_event(f), "data: {\"type\":\"file.progress\"}\n\n");
}

CAF_TEST(no line break in a frame can start a field of its own) {
  const frame f{0, "a\nid: 9\r\rretry: 1"};
  CAF_CHECK_EQUAL(sse_event(f), "data: a\ndata: id: 9retry: 1\n\n");
}

CAF_TEST(the waiting time is told in milliseconds) {
  CAF_CHECK_EQUAL(sse_retry(std::chrono::seconds{2}), "retry: 2000\n\n");
}
