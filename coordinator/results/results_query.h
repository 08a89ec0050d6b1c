#pragma once

#include "coordinator/service/results.h"
#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::results {

/// The table of a sweep: trials grouped by the labels of `by`, each metric with its mean, standard deviation and
/// interval over the trials of the row that have a value. A trial that did not succeed, or a value that is NaN, is
/// missing from n and present in n_expected. Rows come in the file's order unless sorted; a metric sorts by its best
/// mean, rows without one last. A table of many rows and metrics comes in pages (`after_row`), each costing what its
/// own rows do. Between two pages trials may succeed: rows that are sorted by a metric may then move.
///
/// kInvalidArgument for an axis, label, metric or sort key that the sweep does not have; the message lists those it
/// has.
Result<ResultsTable> query_results(store::Connection& database, const ResultsQuery& query);

}  // namespace oodml::coordinator::results
