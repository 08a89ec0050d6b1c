#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/job/trial_spec.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/settings.h"

namespace oodml::sweep {

/// The settings of a trial -> its specification, every default written out, everything checked that can be known
/// before a GPU is touched: names, types, ranges, pairings, split ids, and keys that must fit one another.
///
/// Shared settings (`trial:`) are defaults: a miner is left out where the criterion takes none, a parameter where
/// the chosen component has no such one. A setting of a row or an override must fit.
/// `whole` is where errors about what is missing stand; `used` receives the keys that took effect.
std::optional<job::TrialSpec> build_trial(const LayeredSettings& settings, const Place& whole, Diagnostics& diagnostics,
                                          std::set<const Setting*>* used = nullptr);

}  // namespace oodml::sweep
