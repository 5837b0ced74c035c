#include "actors/codec/turns.hpp"

#include <algorithm>

namespace mediad::actors {
namespace {

constexpr turns::cost nothing{0};
constexpr turns::cost least{1};

std::size_t index_of(turns::length l) {
  return static_cast<std::size_t>(l);
}

} // namespace

turns::turns(cost quantum) : quantum_{std::max(quantum, least)} {}

bool turns::member::is_idle() const {
  return running == 0 && interrupted.empty()
         && std::all_of(jobs.begin(), jobs.end(), [](const auto& q) { return q.empty(); });
}

turns::member& turns::member_of(const std::string& user) {
  const auto known =
    std::find_if(ring_.begin(), ring_.end(), [&](const auto& m) { return m.user == user; });
  if (known != ring_.end())
    return *known;
  auto& fresh = ring_.emplace_front();
  fresh.user = user;
  fresh.credit = quantum_;
  return fresh;
}

turns::ticket turns::add(const claim& c) {
  member_of(c.user).jobs.at(index_of(c.lasts)).push_back({++newest_, std::max(c.wanted, least)});
  ++waiting_;
  return newest_;
}

bool turns::member::has_short() const {
  return !jobs.at(index_of(length::finishing)).empty() || !jobs.at(index_of(length::brief)).empty();
}

std::deque<turns::entry>* turns::first_of(member& m, bool may_begin_lasting) {
  auto& finishing = m.jobs.at(index_of(length::finishing));
  if (!finishing.empty())
    return &finishing;
  std::deque<entry>* first = nullptr;
  const auto consider = [&first](std::deque<entry>& q) {
    if (!q.empty() && (first == nullptr || q.front().name < first->front().name))
      first = &q;
  };
  consider(m.interrupted);
  consider(m.jobs.at(index_of(length::brief)));
  if (may_begin_lasting)
    consider(m.jobs.at(index_of(length::lasting)));
  return first;
}

std::optional<turns::ticket> turns::take(const limits& may) {
  for (;;) {
    std::optional<cost> most; // credit of one that may run
    for (auto& m : ring_) {
      auto* const from = m.running < may.run_of_one_user ? first_of(m, may.begin_lasting) : nullptr;
      if (from == nullptr)
        continue;
      if (m.credit > nothing)
        return pay(m, *from);
      most = std::max(most.value_or(m.credit), m.credit);
    }
    if (!most)
      return std::nullopt;
    begin_rounds(*most);
  }
}

turns::ticket turns::pay(member& m, std::deque<entry>& from) {
  const auto taken = from.front();
  from.pop_front();
  --waiting_;
  m.credit -= taken.wanted;
  ++m.running;
  return taken.name;
}

// As many at once as it takes until a user of so much credit has some: one with a huge job may owe
// thousands of rounds.
void turns::begin_rounds(cost most) {
  const auto rounds = -most / quantum_ + 1;
  ring_.remove_if([](const member& m) { return m.is_idle() && m.credit >= nothing; });
  for (auto& m : ring_)
    m.credit = std::max(m.credit, std::min(quantum_, m.credit + rounds * quantum_));
}

void turns::end(const std::string& user, cost left) {
  auto& m = member_of(user);
  m.credit = std::min(quantum_, m.credit + left);
  --m.running;
  forget_idle();
}

void turns::interrupt(ticket t, const std::string& user, cost left) {
  auto& m = member_of(user);
  m.credit = std::min(quantum_, m.credit + left);
  --m.running;
  const entry again{t, std::max(left, least)};
  const auto place = std::find_if(m.interrupted.begin(), m.interrupted.end(),
                                  [t](const entry& e) { return e.name > t; });
  m.interrupted.insert(place, again);
  ++waiting_;
}

void turns::go_on(ticket t, const std::string& user) {
  drop_from(member_of(user).interrupted, t);
  ++member_of(user).running;
}

void turns::drop(ticket t, const std::string& user) {
  for (auto& q : member_of(user).jobs)
    drop_from(q, t);
  forget_idle();
}

void turns::drop_from(std::deque<entry>& q, ticket t) {
  const auto found = std::find_if(q.begin(), q.end(), [t](const entry& e) { return e.name == t; });
  if (found == q.end())
    return;
  q.erase(found);
  --waiting_;
}

bool turns::is_passed(const std::string& user, cost left) {
  for (;;) {
    std::optional<cost> most; // credit of one who may pass
    for (auto& m : ring_) {
      const bool is_asked_for = m.user == user;
      const auto credit = is_asked_for ? m.credit + left : m.credit;
      if (is_asked_for && credit > nothing)
        return false;
      if (is_asked_for || !m.has_short())
        continue;
      if (credit > nothing)
        return true;
      most = std::max(most.value_or(credit), credit);
    }
    if (!most)
      return false;
    begin_rounds(std::max(*most, member_of(user).credit + left));
  }
}

bool turns::has_rivals() const {
  const auto at_work =
    std::count_if(ring_.begin(), ring_.end(), [](const member& m) { return !m.is_idle(); });
  return waiting_ > 0 && at_work > 1;
}

// Where nothing waits and nothing runs, no user was kept from anything: none owes anything.
void turns::forget_idle() {
  if (std::all_of(ring_.begin(), ring_.end(), [](const member& m) { return m.is_idle(); }))
    ring_.clear();
}

} // namespace mediad::actors
