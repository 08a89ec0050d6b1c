#include "coordinator/scheduling/limits.h"

#include <algorithm>
#include <limits>

namespace oodml::coordinator::scheduling {
namespace {

std::string full(const std::string& whose, std::int64_t running, std::int64_t most) {
  return whose + " runs " + std::to_string(running) + (running == 1 ? " trial" : " trials") +
         " at once (max_parallel " + std::to_string(most) + ")";
}

}  // namespace

void Limits::set_of_sweep(SweepId sweep, std::int64_t most) {
  if (most > 0 || sweeps_.contains(sweep)) sweeps_[sweep].most = most;
}

bool Limits::end(const store::Charge& charge) {
  const bool was_full = !allow(charge);
  count(charge, -1);
  return was_full && allow(charge);
}

std::int64_t Limits::of_owner(const std::string& owner) const { return at(owners_, owner).most; }

std::int64_t Limits::running_with(const store::Label& label) const { return at(labels_, label).running; }

void Limits::count(const store::Charge& charge, std::int64_t by) {
  sweeps_[charge.sweep].running += by;
  owners_[charge.owner].running += by;
  for (const store::Label& label : charge.limited) labels_[label].running += by;
  // Sweeps come and go.
  if (const auto sweep = sweeps_.find(charge.sweep); sweep->second.running == 0 && sweep->second.most == 0) {
    sweeps_.erase(sweep);
  }
}

std::int64_t Limits::Counted::room() const {
  return most > 0 ? std::max<std::int64_t>(most - running, 0) : std::numeric_limits<std::int64_t>::max();
}

std::int64_t Limits::room(const store::Charge& charge) const {
  std::int64_t room = std::min(at(sweeps_, charge.sweep).room(), at(owners_, charge.owner).room());
  for (const store::Label& label : charge.limited) room = std::min(room, at(labels_, label).room());
  return room;
}

bool Limits::allow(const store::Charge& charge) const {
  return !at(sweeps_, charge.sweep).is_full() && !at(owners_, charge.owner).is_full() &&
         std::ranges::none_of(charge.limited, [&](const store::Label& label) { return at(labels_, label).is_full(); });
}

std::vector<std::string> Limits::what_holds(const store::Charge& charge) const {
  std::vector<std::string> words;
  const auto add = [&](const Counted& counted, const std::string& whose) {
    if (counted.is_full()) words.push_back(full(whose, counted.running, counted.most));
  };
  add(at(sweeps_, charge.sweep), "sweep " + std::to_string(charge.sweep.value));
  add(at(owners_, charge.owner), charge.owner.empty() ? "who gave no name" : charge.owner);
  for (const store::Label& label : charge.limited) add(at(labels_, label), label.axis + "=" + label.label);
  return words;
}

}  // namespace oodml::coordinator::scheduling
