#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/service/results.h"

namespace oodml::coordinator::results {

/// Mean, sample standard deviation (n - 1) and 95 % t half-width of the values that are not NaN.
Spread spread_of(const std::vector<double>& values);

}  // namespace oodml::coordinator::results
