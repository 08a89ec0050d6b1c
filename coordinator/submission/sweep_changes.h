#pragma once

#include <string>
#include <vector>

#include "coordinator/service/selections.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/trial_table.h"
#include "coordinator/submission/reuse.h"
#include "core/base/result.h"

/// The transactions that people start. Membership of a trial in a sweep carries that sweep's wish (run, pause,
/// cancel), and the strongest wish of all sweeps decides: what one sweep lets go of, another may keep.
namespace oodml::coordinator::submission {

struct Submitted {
  SubmitView view;
  std::vector<store::Situation> situations;  ///< of its trials that are not over
};

/// How a sweep is submitted, and what there is on disk at that time.
struct Submission {
  SubmitOptions options;
  DataNow now;
  std::vector<std::string> notes;  ///< To be said with those of the submission.
};

/// Equal trials that are there already are shared: a succeeded one counts as done, a running or waiting one is
/// waited for, a failed, cancelled or paused one is queued again (the first two with all their tries). With `rerun`
/// those that do not run just now begin afresh. kFailedPrecondition when a result would be shared that was made of
/// other data than there is now, kPermissionDenied when trials of others are to be run again. Asked again with its
/// request id it answers as it did; kAlreadyExists when the id came with another text, or from somebody else.
Result<Submitted> submit(store::Connection& database, const job::SweepPlan& plan, const std::string& text_hash,
                         const std::string& request_id, const Submission& submission, Time now);

/// Adds what is to be said of a trial that is there already, where a sweep that wants `wanted` of it shares it.
void look_at_shared(store::Connection& database, const store::TrialKey& known, const job::TrialSpec& wanted,
                    Reuse& reuse);

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
