#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli::diff {

using Labels = std::map<std::string, std::string>;  ///< axis -> label

/// A sweep as it is compared: its head, and all its trials.
struct Side {
  v1::SweepSummary sweep;
  std::vector<std::string> axes;  ///< In the file's order, without those that groups make.
  std::vector<v1::TrialSummary> trials;
};

/// Two trials that stand at the same labels of the axes that both sweeps have, and are not the same trial.
struct Pair {
  const v1::TrialSummary* first = nullptr;
  const v1::TrialSummary* second = nullptr;
};

/// How two sweeps stand to each other, by the fingerprints of their trials. Points into the sides.
struct SweepDiff {
  std::vector<std::string> common_axes;  ///< In the first sweep's order.
  std::int64_t shared = 0;               ///< Trials that both have, whatever their labels.
  std::vector<const v1::TrialSummary*> only_first, only_second;
  std::vector<Pair> pairs;  ///< Of those; where several stand at the same labels, none of them.
};

SweepDiff compare(const Side& first, const Side& second);

/// A key in which paired trials differ, with the values and how many of the compared pairs have just these.
struct DifferentSetting {
  std::string key;
  std::string first, second;  ///< As people read them; "-" where a trial has none.
  std::int64_t pairs = 0;
};

/// Adds what two specifications differ in to `settings`, which stay ordered by key.
void add_differences(const v1::TrialSpec& first, const v1::TrialSpec& second, std::vector<DifferentSetting>& settings);

/// A figure of the same row of both sweeps. Values in the metric's own range; NaN where there is none.
struct FigureRow {
  Labels labels;
  std::string set, metric;
  std::int64_t first_n = 0, second_n = 0;
  double first = 0, second = 0;
  double difference() const { return second - first; }
};

/// The rows that both tables have, in the order of the first: means at each trial's own best epoch, of distances and
/// other figures without one at the last.
std::vector<FigureRow> side_by_side(const std::vector<v1::ResultRow>& first, const std::vector<v1::ResultRow>& second);

/// All that `oodml diff` tells.
struct Report {
  Side first, second;
  SweepDiff diff;
  std::vector<DifferentSetting> settings;
  std::int64_t compared_pairs = 0;  ///< Of diff.pairs, whose specifications were read.
  std::vector<FigureRow> figures;
};

}  // namespace oodml::cli::diff
