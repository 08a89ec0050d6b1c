#pragma once

#include <optional>
#include <string>

#include "coordinator/service/person.h"
#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

/// Whose a sweep is.
struct Owned {
  SweepId sweep;
  std::string name;
  std::string owner;  ///< Empty: nobody's; it was submitted where nobody was asked for tokens.
};

/// Everybody may change what is their own or nobody's, operators everything: kPermissionDenied says whose it is and who
/// may. Asked inside the transaction that changes, so that what was allowed is what is done.
Status check_may_change(Connection& database, SweepId sweep, const Person& by);

/// What a request id may be repeated for: by the same person only, or somebody would read another's answer.
std::string said_by(std::string subject, const Person& by);

/// The newest sweep with this trial that belongs to somebody else than `person`.
std::optional<Owned> held_by_another(Connection& database, TrialId trial, const std::string& person);

}  // namespace oodml::coordinator::store
