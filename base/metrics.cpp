#include "base/metrics.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <prometheus/check_names.h>
#include <prometheus/text_serializer.h>
#include <stdexcept>
#include <vector>

namespace mediad::metrics {

namespace {

struct one {
  labels with;
  number value{0};
};

struct family {
  std::string name;
  std::string help;
  prometheus::MetricType type = prometheus::MetricType::Untyped;
  std::deque<one> members; ///< A deque: references to what is in it stay good.

  one* find(const labels& with) {
    const auto found =
      std::find_if(members.begin(), members.end(), [&](const one& o) { return o.with == with; });
    return found != members.end() ? &*found : nullptr;
  }
};

prometheus::ClientMetric collect(const one& from, prometheus::MetricType type) {
  prometheus::ClientMetric out;
  for (const auto& [name, value] : from.with)
    out.label.push_back({name, value});
  const auto now = static_cast<double>(from.value.load(std::memory_order_relaxed));
  if (type == prometheus::MetricType::Counter)
    out.counter.value = now;
  else
    out.gauge.value = now;
  return out;
}

prometheus::MetricFamily collect(const family& from) {
  prometheus::MetricFamily out;
  out.name = from.name;
  out.help = from.help;
  out.type = from.type;
  for (const auto& member : from.members)
    out.metric.push_back(collect(member, from.type));
  return out;
}

} // namespace

struct registry::parts {
  mutable std::mutex guard; ///< Guards the lists; counting takes no lock.
  std::deque<family> families;

  family* find(const std::string& name) {
    const auto found = std::find_if(families.begin(), families.end(),
                                    [&](const family& f) { return f.name == name; });
    return found != families.end() ? &*found : nullptr;
  }

  number& add(const std::string& name, const std::string& help, labels with,
              prometheus::MetricType type) {
    const std::lock_guard lock{guard};
    auto* in = find(name);
    if (in == nullptr) {
      if (!prometheus::CheckMetricName(name))
        throw std::invalid_argument{"no name of a metric: " + name};
      in = &families.emplace_back();
      in->name = name;
      in->help = help;
      in->type = type;
    }
    if (in->type != type || in->find(with) != nullptr)
      throw std::invalid_argument{"registered twice: " + name};
    auto& added = in->members.emplace_back();
    added.with = std::move(with);
    return added.value;
  }
};

registry::registry() : parts_{std::make_unique<parts>()} {}
registry::~registry() = default;

number& registry::add_counter(const std::string& name, const std::string& help, labels with) {
  return parts_->add(name, help, std::move(with), prometheus::MetricType::Counter);
}

number& registry::add_gauge(const std::string& name, const std::string& help, labels with) {
  return parts_->add(name, help, std::move(with), prometheus::MetricType::Gauge);
}

std::uint64_t registry::value(const std::string& name, const labels& with) const {
  const std::lock_guard lock{parts_->guard};
  auto* in = parts_->find(name);
  const auto* found = in != nullptr ? in->find(with) : nullptr;
  return found != nullptr ? found->value.load(std::memory_order_relaxed) : 0;
}

std::string registry::to_text() const {
  std::vector<prometheus::MetricFamily> all;
  {
    const std::lock_guard lock{parts_->guard};
    for (const auto& f : parts_->families)
      all.push_back(collect(f));
  }
  return prometheus::TextSerializer{}.Serialize(all);
}

} // namespace mediad::metrics
