#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/base/params.h"
#include "core/sweep/finish_trial.h"

namespace oodml::sweep {

/// Reports an error at the place of `key`, else at that of `other`.
using Refuse = std::function<void(std::string_view key, std::string_view other, std::string what)>;

/// What `few_shot.*` demands of the other keys of a trial, and what its defaults stand for: miner, beta and embeddings
/// are written out, and evaluate.sets, where the trial does not say it, has val in the place of test. Nothing of a
/// trial with few_shot.shots: 0. After evaluate.embeddings is resolved.
void finish_few_shot(Params& values, const PlaceOf& place_of, const Refuse& refuse);

}  // namespace oodml::sweep
