#pragma once

#include <string>

#include "coordinator/store/sqlite.h"
#include "core/job/need.h"
#include "core/job/trial_spec.h"

namespace oodml::coordinator::store {

/// All that a specification says of where its trial can run.
job::Need need_of(const job::TrialSpec& spec);

/// SQL with the columns of `trials` that hold a need in its middle, side by side: 9.
std::string with_need_columns(const char* before, const char* after);
/// Where the first of them is that column of the result.
job::Need need_at(const Rows& rows, int first_column);

/// Writes the columns anew.
void set_need(Connection& database, TrialId trial, const job::Need& need);

/// Migration 3: databases before it did not tell needs of weights, test benchmarks and GPU memory. Those of trials that
/// are not over are read from their specifications.
void fill_needs(Connection& database);

}  // namespace oodml::coordinator::store
