#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::results {

/// Labels of one axis are alternatives, axes narrow each other.
using Filter = std::map<std::string, std::set<std::string>>;

/// nullptr when the sweep has no such axis.
const job::Axis* find_axis(const std::vector<job::Axis>& axes, const std::string& name);
/// kInvalidArgument that lists those which `sweep` has.
Failure unknown_axis(const std::vector<job::Axis>& axes, const std::string& sweep, const std::string& name);
Failure unknown_label(const job::Axis& axis, const std::string& sweep, const std::string& label);

/// kInvalidArgument for an axis or a label that the sweep does not have; the message lists those it has.
Result<Filter> filter_of(const std::vector<job::Axis>& axes, const std::string& sweep,
                         const std::vector<std::pair<std::string, std::string>>& pairs);

/// Whether a trial with these labels is meant; one that lacks an axis has the label "" there.
bool passes(const std::map<std::string, std::string>& labels, const Filter& filter);
const std::string& label_of(const std::map<std::string, std::string>& labels, const std::string& axis);

}  // namespace oodml::coordinator::results
