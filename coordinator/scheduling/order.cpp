#include "coordinator/scheduling/order.h"

#include <algorithm>

namespace oodml::coordinator::scheduling {

std::int64_t aged(const store::Turn& turn) {
  constexpr std::int64_t kLargest = 1'000'000'000;  // keeps the product in its type
  return to_millis(turn.queued_since) - std::clamp(turn.priority, -kLargest, kLargest) * kAgingPerLevel.count();
}

bool goes_before(const store::Turn& a, const store::Turn& b) {
  if (aged(a) != aged(b)) return aged(a) < aged(b);
  if (a.priority != b.priority) return a.priority > b.priority;
  return a.sweep != b.sweep ? a.sweep < b.sweep : a.position < b.position;
}

bool goes_before(const Standing& a, const Standing& b) {
  if (a.rank != b.rank) return a.rank < b.rank;
  if (a.is_impatient != b.is_impatient) return a.is_impatient;
  if (a.is_impatient && a.served != b.served) return a.served < b.served;
  if (a.level != b.level) return a.level < b.level;
  return goes_before(a.turn, b.turn);
}

}  // namespace oodml::coordinator::scheduling
