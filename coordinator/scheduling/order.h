#pragma once

#include <chrono>
#include <cstdint>

#include "coordinator/scheduling/worker_table.h"
#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::scheduling {

/// Each level of priority is worth so much waiting: a trial of priority 0 that was queued two days ago goes before one
/// of priority 1 that was queued now, and after one of priority 3. So whoever waits gets ahead of every newcomer in the
/// end, however large its priority is.
inline constexpr Duration kAgingPerLevel = std::chrono::hours(24);

/// An owner's trials of one kind for which no slot that could run them went to their owner in all this time go first.
inline constexpr Duration kPatience = std::chrono::hours(24);

/// When it would have been queued, had its priority been 0: who has the smaller one goes first. Priorities beyond a
/// thousand million do not change it any more.
std::int64_t aged(const store::Turn& turn);

/// Among trials of one owner: the smaller aged(), then the larger priority, the older sweep, the sweep's own order.
bool goes_before(const store::Turn& a, const store::Turn& b);

/// What may be said of the first trial of each kind, to choose among those that a slot may have: its worker can run
/// them, and no limit holds them. The one sense of the order:
///
///   1. the lower rank: a machine's faults keep a trial to the end (LeaseManager::rank_for), until it lost patience;
///   2. those that lost patience (kPatience), the longest first;
///   3. the owner who has least of its share (FairShare::level);
///   4. of one owner what goes_before.
///
/// Nothing waits for ever: while an owner's trials wait, others' use grows past theirs or, where other slots keep its
/// use high, patience ends after kPatience; and within an owner waiting itself moves a trial forward.
struct Standing {
  int rank = 0;
  bool is_impatient = false;
  Steady served{};  ///< When a slot that could run it last went to its owner, or when it came.
  double level = 0;
  store::Turn turn;
};
bool goes_before(const Standing& a, const Standing& b);

}  // namespace oodml::coordinator::scheduling
