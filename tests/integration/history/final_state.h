#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ids.h"
#include "core/job/lease.h"

namespace oodml::testing::history {

struct FinalTrial {
  std::string fingerprint;
  std::string state;
  AttemptEpoch attempt = 0;
};

struct FinalAttempt {
  LeaseId lease;
  std::string worker, request_id;
  std::string outcome;  ///< empty: open
  std::int64_t last_sequence = 0;
  std::int64_t checkpoint_epoch = -1;  ///< -1: none
};

/// A value of a metric in an attempt.
struct Point {
  std::string series;  ///< test/embeds/e_recall@1
  std::int64_t epoch = 0;
  double value = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

using AttemptKey = std::pair<TrialId, AttemptEpoch>;

/// What is in the database of a stopped coordinator.
struct FinalState {
  std::map<TrialId, FinalTrial> trials;
  std::map<AttemptKey, FinalAttempt> attempts;
  std::map<AttemptKey, std::map<std::int64_t, Point>> points;     ///< by sequence
  std::map<AttemptKey, std::set<std::int64_t>> events;            ///< sequences of all that are no points
  std::map<TrialId, std::map<std::string, std::string>> results;  ///< series -> figures, as exact text
  std::map<SweepId, std::set<TrialId>> sweeps;
  std::set<std::pair<std::string, std::string>> requests;  ///< kind, id
};

FinalState read_final_state(const std::filesystem::path& database);

}  // namespace oodml::testing::history
