#pragma once

#include <cstdint>
#include <string>

#include "core/base/params.h"

namespace oodml::job {

/// Everything that decides what a trial computes, every default written out. Keys are those of the
/// catalogue: trial keys (epochs, evaluate.metrics), the names of chosen components (benchmark, criterion,
/// miner, sampler) and their parameters (criterion.beta). Built by sweep::expand or sweep::parse_trial_file,
/// which validate; afterwards every key of the catalogue is present with its type.
struct TrialSpec {
  Params values;

  const std::string& benchmark() const { return values.text("benchmark"); }
  const std::string& split() const { return values.text("split"); }
  std::int64_t seed() const { return values.integer("seed"); }
  /// criterion, miner, sampler: the chosen name with its parameters. A miner of "none" has no parameters.
  ComponentChoice choice(std::string_view kind) const { return {values.text(kind), values.below(kind)}; }

  friend bool operator==(const TrialSpec&, const TrialSpec&) = default;
};

}  // namespace oodml::job
