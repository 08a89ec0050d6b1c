#pragma once

#include "core/trial/trial_data.h"

namespace oodml::trial {

/// Lets the sets that read their images where the training set does keep them decoded, in `mib` MiB together; 0 changes
/// nothing. A set that was the training set still is.
void keep_decoded(TrialData& data, std::int64_t mib);

}  // namespace oodml::trial
