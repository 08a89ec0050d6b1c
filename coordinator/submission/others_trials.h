#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "coordinator/service/person.h"
#include "coordinator/store/ownership.h"
#include "core/base/result.h"

namespace oodml::coordinator::submission {

/// The trials that a submission is to run again although sweeps of others have them: their results would go out of the
/// tables of those.
class OthersTrials {
 public:
  explicit OthersTrials(Person by) : by_(std::move(by)) {}

  /// Looks whose `trial` is; false when running it again is not for this person.
  bool may_begin_afresh(store::Connection& database, TrialId trial);
  /// kPermissionDenied when there were such; names the newest of the others' sweeps.
  Status refusal() const;

 private:
  const Person by_;
  std::int64_t trials_ = 0;
  std::map<SweepId, store::Owned> sweeps_;
};

}  // namespace oodml::coordinator::submission
