#pragma once

#include "tests/golden/replay.h"

namespace oodml::golden {

/// Probabilities of a draw with these weights; rows without candidates stay zero.
torch::Tensor probabilities(const torch::Tensor& weights);

/// The columns of every row in a list, as the files store them: out.<name><suffix> and out.<name>_offsets.
void check_lists(const std::string& name, const std::string& suffix, const torch::Tensor& mask, Comparison& comparison);

// One function a miner, or a family of them.
void replay_distance(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison);
void replay_rho_distance(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison);
void replay_random_distance(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison);
void replay_shared_distance(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison);

}  // namespace oodml::golden
