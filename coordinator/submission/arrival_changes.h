#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/service/submission.h"
#include "coordinator/store/common_settings.h"
#include "coordinator/store/script_table.h"
#include "coordinator/store/share_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/trial_table.h"
#include "coordinator/submission/reuse.h"
#include "core/base/result.h"
#include "core/job/sweep_plan.h"

/// The transactions of a submission. A large sweep comes in several: its row, then its new trials some at a time, and
/// in the last one all that others notice: trials that were there are shared or run again, and the sweep shows.
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
  store::ScriptSizes scripts;      ///< Of its files of code in the store.
};

/// A submission as its transactions read it. What takes a walk over all trials is made here, before the first of them.
struct Draft {
  Draft(std::shared_ptr<job::SweepPlan> plan, std::string text_hash, std::string request_id, Submission submission,
        Time now);

  const std::shared_ptr<job::SweepPlan> plan;  ///< Settings of trials that were written need not stay in it.
  const std::string text_hash, request_id;
  const Submission submission;
  const Time now;
  const store::SweepTexts texts;
  const std::string common;
};

/// How far a submission is.
struct Arriving {
  std::optional<Submitted> answered;  ///< It was made before, with the same request id: there is nothing to do.
  SweepId sweep;
  std::optional<store::CommonSettings> common;
  std::vector<store::LabelLimit> limits;  ///< For which the situations were made.
  std::size_t looked_at = 0;              ///< Of the plan's trials.
  std::vector<std::size_t> fresh;         ///< Places in the plan of those that are new, and here in the same order:
  std::vector<store::Situation> situations;
};

/// Equal trials that are there already are shared: a succeeded one counts as done, a running or waiting one is
/// waited for, a failed, cancelled or paused one is queued again (the first two with all their tries). With `rerun`
/// those that do not run just now begin afresh. kFailedPrecondition when a result would be shared that was made of
/// other data than there is now, kPermissionDenied when trials of others are to be run again. Asked again with its
/// request id it answers as it did; kAlreadyExists when the id came with another text, or from somebody else.
Result<Submitted> submit(store::Connection& database, const Draft& draft);

/// The same in steps, between which nobody else may submit.
Result<Arriving> begin_arrival(store::Connection& database, const Draft& draft);
/// What the new ones among the next `most` trials of the plan add to `so_far`.
Arriving arrive(store::Connection& database, const Draft& draft, const Arriving& so_far, std::size_t most);
Result<Submitted> end_arrival(store::Connection& database, const Draft& draft, const Arriving& arrived);

/// Adds what is to be said of a trial that is there already, where a sweep that wants `wanted` of it shares it.
void look_at_shared(store::Connection& database, const store::TrialKey& known, const job::TrialSpec& wanted,
                    Reuse& reuse);

}  // namespace oodml::coordinator::submission
