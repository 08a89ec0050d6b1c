#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/integration/history/call.h"
#include "tests/integration/history/final_state.h"

namespace oodml::testing::history {

using Findings = std::vector<std::string>;

/// What is wrong with a history and the database it ended with; empty when all holds that must:
///
/// leases      A trial's epoch belongs to one lease, epochs only grow, and the next one is given only after the one
///             before ended, or was not heard of for `term`.
/// fencing     Once the next lease was given, nothing more of the one before counts, and its worker is told.
/// durability  What was acknowledged is in the database.
/// counts      Every attempt has ended, a trial has one success, which is its last attempt, and one set of results.
///
/// Only what is certain is called wrong: a call whose end nobody knows may have had its effect at any time after it was
/// sent.
Findings check_history(const std::vector<Call>& calls, const FinalState& end, std::chrono::milliseconds term);

/// The parts of it.
Findings check_leases(const std::vector<Call>& calls, std::chrono::milliseconds term);
Findings check_fencing(const std::vector<Call>& calls);
Findings check_durability(const std::vector<Call>& calls, const FinalState& end);
Findings check_counts(const FinalState& end);

/// Whether every trial has the points and results of the same trial in another run, bit for bit: those of each epoch
/// from the newest attempt that measured it.
Findings check_same_figures(const FinalState& end, const FinalState& calm);

}  // namespace oodml::testing::history
