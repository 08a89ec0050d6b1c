#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/params.h"

namespace oodml::catalogue {

// What `few_shot.*` of a trial means (docs/few_shot.md), for planning, the trial and the tables alike.

/// What a network may adapt by.
std::vector<std::string> few_shot_criteria();
/// What `few_shot.miner: default` stands for.
std::string few_shot_miner_of(std::string_view criterion);

/// The criterion an episode adapts by. A parameter is what the trial's criterion has under that name when it is the
/// same (`beta`), or under `<criterion>_<parameter>` when it holds the criterion inside (`margin_beta` of s2sd and
/// diva), else the catalogue's default: the references have one option for both. The beta of margin is few_shot.beta,
/// where that is not negative, and is not trained; multisimilarity takes Euclidean distances where the training
/// criterion has `margin` in its name (of diva: its loss).
ComponentChoice few_shot_criterion(const Params& values);
/// Its miner, with the parameters of the trial's where that is the same.
ComponentChoice few_shot_miner(const Params& values);

/// Of `names` (evaluate.embeddings of a network with several heads) the one that the study takes on that benchmark:
/// CUB 0.75, 1.25, 1.25, 1.25; CARS 0.5, 1.5, 1.5, 1.5; else equal weights.
std::string few_shot_embeddings_of(std::string_view benchmark, const std::vector<std::string>& names);

/// The names of a trial's figures: "few_shot.nmi" and "zero_shot.nmi" are means over episodes (of a set episode-N the
/// episode's own), "few_shot_conf.nmi" and "zero_shot_conf.nmi" half-widths of their 95 % intervals, "gain.nmi" the
/// relative change.
struct FewShotFigure {
  enum class Kind { kMean, kHalfWidth, kGain };
  Kind kind = Kind::kMean;
  std::string_view metric;  ///< nmi; points into the name.
};
/// Nothing for other names.
std::optional<FewShotFigure> few_shot_figure(std::string_view name);
/// zero_shot.M, few_shot.M, gain.M for each metric M that is a number, as tables show them.
std::vector<std::string> few_shot_columns(const std::vector<std::string>& metrics);

}  // namespace oodml::catalogue
