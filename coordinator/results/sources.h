#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "coordinator/results/row_groups.h"
#include "coordinator/store/result_table.h"
#include "core/job/identity.h"

namespace oodml::coordinator::results {

/// What results were made of, to name those that do not belong into one figure.
class Sources {
 public:
  explicit Sources(const std::vector<store::ResultSource>& sources);

  /// "2 versions of split 3 of birds: 3f2a0b11 in trials 1, 2; 77ab90c2 in trial 7", one for each thing in which the
  /// trials differ, and one when some say what they were made of and others do not. Empty: they belong together.
  std::vector<std::string> mixes(const std::set<TrialId>& trials) const;

 private:
  /// Of many trials few differ in it.
  struct Made {
    job::Identity of;
    job::DataStamps stamps;
  };
  std::vector<Made> made_;
  std::unordered_map<TrialId, std::size_t> places_;  ///< In made_.
};

/// The trials behind the figures of a row: those of its complete units.
std::set<TrialId> counted_trials(const RowGroup& group);

}  // namespace oodml::coordinator::results
