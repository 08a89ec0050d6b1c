#pragma once

#include <stdexcept>
#include <string>

#include "core/job/lease.h"
#include "core/sweep/sweep.h"

namespace oodml::testing {

/// A small valid trial.
inline job::TrialSpec small_spec(int seed = 0, int epochs = 3) {
  const std::string yaml = "benchmark: fashion_mnist\ncriterion: multisimilarity\nseed: " + std::to_string(seed) +
                           "\nepochs: " + std::to_string(epochs) +
                           "\nevaluate: {sets: [test], metrics: [e_recall@1, nmi]}\n";
  auto spec = sweep::parse_trial_file(yaml, "trial.yaml");
  if (!spec.has_value()) throw std::runtime_error(spec.error().message());
  return *spec;
}

inline job::LeasedTrial leased_trial(std::int64_t id, AttemptEpoch attempt = 1) {
  job::LeasedTrial leased;
  std::string lease(32, '0');
  lease.replace(0, std::to_string(id).size(), std::to_string(id));
  lease.replace(16, std::to_string(attempt).size(), std::to_string(attempt));
  leased.lease = {TrialId{id}, attempt, LeaseId{lease}};
  leased.spec = small_spec(static_cast<int>(id));
  leased.fingerprint = sweep::fingerprint(leased.spec);
  leased.term = std::chrono::seconds(120);
  for (AttemptEpoch earlier = attempt - 1; earlier >= 1; --earlier) leased.earlier_attempts.push_back(earlier);
  return leased;
}

}  // namespace oodml::testing
