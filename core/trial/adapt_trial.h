#pragma once

#include <cstdint>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/few_shot/adapt.h"
#include "core/job/event.h"
#include "core/job/trial_spec.h"
#include "core/train/checkpoint_files.h"
#include "core/train/trainer.h"
#include "core/trial/run_trial.h"
#include "core/trial/trial_data.h"

namespace oodml::trial {

/// Whether the split has the episodes that the trial asks for, and the folder their images: asked before days of
/// training. Nothing for a trial without few_shot.
Status check_episodes(const RunOptions& options, const TrialSettings& settings, const Warn& warn);

struct AdaptedTrial {
  few_shot::Flow flow = few_shot::Flow::kGoOn;
  std::int64_t episode = 0;          ///< That was running, where it ended early.
  std::vector<job::Metric> figures;  ///< Of all episodes, and over them.
};

/// What few_shot.* ask for, of the trained trial that `trained` is the last checkpoint of: episode by episode, each
/// committed to few_shot.json of the run directory as it is finished, so that a killed trial goes on with the next;
/// those of an earlier attempt are taken over. Figures are told as they are known, and again by each attempt. Writes
/// test_summary.txt. Needs neither images nor a network when every episode is done.
/// Source: docs/few_shot.md.
Result<AdaptedTrial> adapt_trial(const RunOptions& options, const job::TrialSpec& spec, const TrialSettings& settings,
                                 const train::Snapshot& trained, const train::Channel& channel, const Warn& warn,
                                 const Clock& clock);

}  // namespace oodml::trial
