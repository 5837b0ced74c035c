#pragma once

#include "net/events/outbox.hpp"

#include <chrono>
#include <string>

namespace mediad::net::events {

/// One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html) with the
/// frame's JSON as data and its number, if it has one, as id. No `event` field: everything reaches
/// a page's `onmessage`, which finds the type in the JSON.
std::string sse_event(const frame& f);

/// How long a client waits before it reconnects.
std::string sse_retry(std::chrono::milliseconds wait);

/// A comment, which keeps proxies from closing an idle stream.
std::string sse_ping();

} // namespace mediad::net::events
