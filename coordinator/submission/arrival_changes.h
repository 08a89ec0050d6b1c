#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
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
  std::vector<store::Situation> situations;  ///< Of its trials that are not over; without those that came new in steps.
  bool is_as_noted = true;                   ///< What was noted of the new ones still holds.
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

/// A trial of the plan that is new.
struct NewTrial {
  std::size_t place = 0;  ///< In the plan.
  TrialId trial;
  std::uint32_t need = 0;  ///< Of Arriving::needs.
};

/// How far a submission is.
struct Arriving {
  std::optional<Submitted> answered;  ///< It was made before, with the same request id: there is nothing to do.
  SweepId sweep;
  std::optional<store::CommonSettings> common;
  std::vector<store::LabelLimit> limits;  ///< For which the situations are made.
  std::size_t looked_at = 0;              ///< Of the plan's trials.
  std::vector<NewTrial> fresh;            ///< In the order of the plan, which is that of their ids.
  std::vector<job::Need> needs;           ///< Each once.
  std::map<job::Need, std::uint32_t> need_places;

  std::uint32_t place_of(const job::Need& need);
};

/// Equal trials that are there already are shared: a succeeded one counts as done, a running or waiting one is
/// waited for, a failed, cancelled or paused one is queued again (the first two with all their tries). With `rerun`
/// those that do not run just now begin afresh. kFailedPrecondition when a result would be shared that was made of
/// other data than there is now, kPermissionDenied when trials of others are to be run again. Asked again with its
/// request id it answers as it did; kAlreadyExists when the id came with another text, or from somebody else.
Result<Submitted> submit(store::Connection& database, const Draft& draft);

/// The same in steps, between which nobody else may submit.
Result<Arriving> begin_arrival(store::Connection& database, const Draft& draft);
/// What the new ones among the next trials of the plan add to `so_far`: at most `most`, and none after `until`.
Arriving arrive(store::Connection& database, const Draft& draft, const Arriving& so_far, std::size_t most,
                std::chrono::steady_clock::time_point until);
void add(Arriving more, Arriving& all);
/// For the queue, of some of the new trials after the submission: those that are not over.
std::vector<store::Situation> situations_of(store::Connection& database, const Draft& draft, const Arriving& arrived,
                                            bool is_as_noted, std::size_t first, std::size_t count);
Result<Submitted> end_arrival(store::Connection& database, const Draft& draft, const Arriving& arrived);

/// Adds what is to be said of a trial that is there already, where a sweep that wants `wanted` of it shares it.
void look_at_shared(store::Connection& database, const store::TrialKey& known, const job::TrialSpec& wanted,
                    Reuse& reuse);

}  // namespace oodml::coordinator::submission
