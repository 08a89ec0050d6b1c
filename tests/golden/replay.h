#pragma once

#include "tests/golden/case.h"
#include "tests/golden/comparison.h"

namespace oodml::golden {

// One function a kind. Each computes the outputs of the case in one mode and hands them to the comparison; it throws
// CaseError for what it does not know.
void replay_criterion(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_flow(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_miner(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_metric(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_evaluation(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_optimizer(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_backbone(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_pads(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_sampler(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_training_step(const Case& golden, bool compat_paper, Comparison& comparison);
void replay_transform(const Case& golden, bool compat_paper, Comparison& comparison);

/// The update cycle of replay_pads.
void replay_pads_cycle(const Case& golden, bool compat_paper, Comparison& comparison);

}  // namespace oodml::golden
