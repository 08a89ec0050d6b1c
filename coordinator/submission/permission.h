#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "coordinator/service/person.h"
#include "coordinator/store/ownership.h"
#include "core/base/result.h"

/// Who may change what: everybody what is their own or nobody's, operators everything. Asked inside the transaction
/// that changes, so that what was allowed is what is done.
namespace oodml::coordinator::submission {

/// What a request id may be repeated for: by the same person only, or somebody would read another's answer.
std::string said_by(std::string subject, const Person& by);

/// kPermissionDenied, with whose it is and who may.
Status check_may_change(store::Connection& database, SweepId sweep, const Person& by);

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
