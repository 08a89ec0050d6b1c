#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/core/sweep/plans.h"

namespace oodml::sweep {

/// The message that refuses the sweep, or "accepted".
inline std::string errors_of(std::string_view yaml, const ExpandOptions& options = {}) {
  const auto plan = plan_sweep(yaml, options);
  if (plan.has_value()) return "accepted";
  EXPECT_EQ(plan.error().code(), StatusCode::kInvalidArgument);
  return plan.error().message();
}

inline void expect_error(const std::string& yaml, const std::string& part, const ExpandOptions& options = {}) {
  const std::string text = errors_of(yaml, options);
  EXPECT_NE(text.find(part), std::string::npos) << "wanted: " << part << "\ngot: " << text << "\nfor:\n"
                                                << yaml.substr(0, 500);
}

inline constexpr const char* kOne = "trial: {benchmark: cub200, criterion: oproxy}\n";

/// The same with a trial that is complete, in line 3; `rest` begins in line 4.
inline std::string one_with(std::string_view rest) {
  std::string text = kOne;
  text += rest;
  return sweep_of(text);
}

}  // namespace oodml::sweep
