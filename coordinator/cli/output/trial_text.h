#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/cli/output/style.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// criterion=margin split=3 seed=0
std::string labels_text(const v1::TrialSummary& trial);

/// "epoch 3/10 step 120/400", shorter when totals are unknown; the phase while it does not train.
std::string progress_text(const v1::Progress& progress);

/// Why the trial is not running or how it failed, in one line; empty when there is nothing to say.
std::string trial_note(const v1::TrialSummary& trial, std::int64_t now_millis);

/// The attempts, one a line: where, when, on which device, how each ended. Empty without any.
std::string attempts_table(const std::vector<v1::Attempt>& attempts, std::int64_t now_millis, const Style& style);

/// "Curves thinned: 37 of 400 points are left, ...\n"; empty where all are there.
std::string thinning_text(const v1::GetTrialReply& reply);

/// "test e_recall@1 65.23 % at epoch 7, ...": the figures that are shares.
std::string percent_figures_text(const std::vector<v1::Metric>& figures);

/// `oodml show trial N`: state, attempts, metrics (best and last by set), every setting.
std::string trial_text(const v1::GetTrialReply& reply, std::int64_t now_millis, const Style& style);

/// One line of `oodml logs`: "04:15:47 #2 metric epoch 3 test e_recall@1 65.23 %".
std::string event_line(const v1::Event& event, const Style& style);

}  // namespace oodml::cli
