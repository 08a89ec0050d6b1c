#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::sweep {

struct Limits {
  std::size_t max_bytes = 1 << 20;      ///< of the YAML text
  std::int64_t max_trials = 100'000;    ///< of the product, before exclusion
  std::size_t max_errors = 50;          ///< reported in one pass
};

struct ExpandOptions {
  std::string file_name = "sweep.yaml";                       ///< for messages
  std::vector<std::pair<std::string, std::string>> settings;  ///< --set key=value, YAML scalars or flow lists
  Limits limits;
};

/// YAML text -> the exact trials, everything validated against the catalogue. On failure kInvalidArgument;
/// the message has one line per error, all found in one pass:
/// `sweep.yaml:7:5: unknown key 'marign'; did you mean 'margin'? Accepted: ...`.
Result<job::SweepPlan> plan_sweep(std::string_view yaml, const ExpandOptions& options);

/// SHA-256 (64 hex digits) of the canonical text of the keys that change results.
std::string fingerprint(const job::TrialSpec& spec);

/// trial.yaml of an attempt: every key written out, readable and writable by hand.
std::string trial_file_text(const job::TrialSpec& spec);
/// Reads trial.yaml; keys left out get their defaults; validated like a sweep.
Result<job::TrialSpec> parse_trial_file(std::string_view yaml, std::string_view file_name);

}  // namespace oodml::sweep
