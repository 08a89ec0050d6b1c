#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/trial_spec.h"
#include "core/train/run_state.h"
#include "core/train/sampling_progression.h"

namespace oodml::trial {

/// results.json for people who run a trial by hand: the figures of the last evaluation, and for each metric that
/// has one its best epoch (core/catalogue/best_epoch.h). A metric that is a vector has `values`. Figures
/// of embeddings other than the usual `embeds` are called NAME/EMBEDS. A progression that has rows is written column by
/// column as `sampling_progression`.
std::string results_json(const job::TrialSpec& spec, const std::string& fingerprint,
                         const std::vector<job::Metric>& history, const std::vector<train::VectorFigure>& vectors,
                         const train::SamplingProgression& progression = {});

}  // namespace oodml::trial
