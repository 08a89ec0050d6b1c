#pragma once

#include <string>
#include <vector>

#include "coordinator/service/selections.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/trial_table.h"
#include "coordinator/submission/reuse.h"
#include "core/base/result.h"

/// What people change of sweeps that are there. Membership of a trial in a sweep carries that sweep's wish (run, pause,
/// cancel), and the strongest wish of all sweeps decides: what one sweep lets go of, another may keep.
namespace oodml::coordinator::submission {

struct Changed {
  ChangeView view;
  std::vector<store::Situation> situations;
};

/// kCancel: what waits is cancelled at once, unless another sweep wants it; what runs is cancelled when its worker
/// says so or its lease runs out. kPause: likewise, with paused. kPauseAfterRunning: what runs is left to its end, and
/// paused only if that comes without a result. kResume: the paused are queued. kRetry: failed and
/// cancelled ones are queued with all their tries, and a cancellation under way is taken back.
/// `changed` counts trials whose state, or whose running attempt's fate, changed. kPermissionDenied for a sweep of
/// somebody else; kNotFound for trials that it does not have, or labels that none of its trials has together.
Result<Changed> change(store::Connection& database, SweepChange kind, const ChangeSelection& wanted, Time now);

}  // namespace oodml::coordinator::submission
