#pragma once

#include <string>
#include <vector>

#include "coordinator/results/label_filter.h"
#include "core/base/result.h"

namespace oodml::coordinator::results {

/// What people write to mean some trials of a sweep: `criterion=margin,split=1..3`. A term is AXIS=LABEL; labels that
/// follow without an axis, and further terms of the same axis, are alternatives (`split=1,3`), axes narrow each other.
/// A..B stands for the labels of the axis that are numbers from A to B. What is written as a label stands is that
/// label, whatever commas, dots or signs are in it. kInvalidArgument: a text that is no term, an axis that there is
/// not, a label that there is not or a range without any; the message lists those that there are.
Result<Filter> select_trials(const std::vector<job::Axis>& axes, const std::string& sweep,
                             const std::vector<std::string>& where);

}  // namespace oodml::coordinator::results
