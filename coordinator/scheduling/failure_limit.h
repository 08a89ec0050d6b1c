#pragma once

#include <vector>

#include "coordinator/store/sqlite.h"
#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::scheduling {

/// Pauses each sweep in which, with this trial, as many have failed as its max_failures says, with the reason for
/// people: what runs goes on to its end. The situations of their trials that are under way, or were.
std::vector<store::Situation> pause_failing_sweeps(store::Connection& database, TrialId failed);
/// The same for one sweep, of which the limit was changed.
std::vector<store::Situation> pause_if_failing(store::Connection& database, SweepId sweep);

}  // namespace oodml::coordinator::scheduling
