#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/store/result_table.h"
#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"

namespace oodml::coordinator::store {

/// As a Curve (event_table.h), packed, for reads of thousands of trials.
struct Course {
  std::int64_t series = 0;
  std::vector<std::int64_t> epochs;  ///< Ascending.
  std::vector<double> values;        ///< NaN stays.
};

/// Of the trial's present run, by series; of an epoch that was measured again the later attempt's value.
std::vector<Course> read_courses(Connection& database, TrialId trial);

/// What any trial of the database has measured, in the order in which it first appeared.
std::vector<MeasuredSeries> all_series(Connection& database);

}  // namespace oodml::coordinator::store
