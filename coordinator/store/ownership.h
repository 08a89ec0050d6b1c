#pragma once

#include <optional>
#include <string>

#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

/// Whose a sweep is.
struct Owned {
  SweepId sweep;
  std::string name;
  std::string owner;  ///< Empty: nobody's; it was submitted where nobody was asked for tokens.
};

Owned owner_of(Connection& database, SweepId sweep);

/// The newest sweep with this trial that belongs to somebody else than `person`.
std::optional<Owned> held_by_another(Connection& database, TrialId trial, const std::string& person);

}  // namespace oodml::coordinator::store
