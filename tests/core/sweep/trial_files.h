#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/sweep/sweep.h"

namespace oodml::sweep {

/// The trial of a file that must be right.
inline job::TrialSpec parsed(std::string_view yaml) {
  auto spec = parse_trial_file(yaml, "trial.yaml");
  if (spec.has_value()) return std::move(*spec);
  ADD_FAILURE() << spec.error().message() << "\nin\n" << yaml;
  return {};
}

/// The message that refuses the file, or "accepted".
inline std::string trial_errors_of(std::string_view yaml) {
  const auto spec = parse_trial_file(yaml, "trial.yaml");
  if (spec.has_value()) return "accepted";
  EXPECT_EQ(spec.error().code(), StatusCode::kInvalidArgument);
  return spec.error().message();
}

inline constexpr const char* kSmallTrial = "benchmark: cub200\ncriterion: multisimilarity\n";

inline std::string small_trial(std::string_view more) {
  std::string text = kSmallTrial;
  text += more;
  return text;
}

}  // namespace oodml::sweep
