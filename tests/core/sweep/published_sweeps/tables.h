#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/sweep/plans.h"

/// The sweeps of configs/sweeps against the tables of the studies (configs/sweeps/README.md), written down here again.
namespace oodml::sweep {

using Counts = std::map<std::string, std::int64_t>;
using Values = std::vector<std::pair<std::string, Value>>;
using Integers = std::vector<std::int64_t>;
using Numbers = std::vector<double>;

/// The plan of a sweep of configs/sweeps, with these --set on top.
job::SweepPlan published(const std::string& name, std::vector<std::pair<std::string, std::string>> settings = {});

inline Value integer(std::int64_t value) { return value; }
inline Value text(const char* value) { return std::string(value); }

/// How many trials stand at each label of the axis.
Counts counts_of(const job::SweepPlan& plan, const std::string& axis);

/// Every trial with these labels has these values, and there is one.
void expect_values(const job::SweepPlan& plan, const Labels& labels, const Values& values);

/// A method of a table: what it says on each of CUB, CARS and SOP, besides what it says everywhere.
struct Row {
  std::string label;
  Values everywhere;
  Values cub = {}, cars = {}, sop = {};
};
void expect_row(const job::SweepPlan& plan, const Row& row, const std::vector<std::string>& benchmarks);

}  // namespace oodml::sweep
