#include "tests/core/sweep/published_sweeps/tables.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

namespace oodml::sweep {

job::SweepPlan published(const std::string& name, std::vector<std::pair<std::string, std::string>> settings) {
  const auto text = resolve_files(std::filesystem::path(std::getenv("OODML_SOURCE")) / "configs/sweeps" / name);
  if (text) return planned(*text, {.settings = std::move(settings)});
  ADD_FAILURE() << text.error().message();
  return {};
}

Counts counts_of(const job::SweepPlan& plan, const std::string& axis) {
  Counts counts;
  for (const auto& trial : plan.trials) {
    if (const auto label = trial.labels.find(axis); label != trial.labels.end()) ++counts[label->second];
  }
  return counts;
}

void expect_values(const job::SweepPlan& plan, const Labels& labels, const Values& values) {
  std::size_t found = 0;
  for (const auto& trial : plan.trials) {
    if (!stands_at(trial, labels)) continue;
    ++found;
    for (const auto& [key, value] : values) {
      const Value* actual = trial.spec.values.find(key);
      ASSERT_NE(actual, nullptr) << key << " of " << ::testing::PrintToString(trial.labels);
      EXPECT_EQ(to_text(*actual), to_text(value)) << key << " of " << ::testing::PrintToString(trial.labels);
    }
  }
  EXPECT_GT(found, 0u) << ::testing::PrintToString(labels);
}

void expect_row(const job::SweepPlan& plan, const Row& row, const std::vector<std::string>& benchmarks) {
  const std::vector<const Values*> own = {&row.cub, &row.cars, &row.sop};
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    expect_values(plan, {{"criterion", row.label}, {"benchmark", benchmarks[i]}}, row.everywhere);
    expect_values(plan, {{"criterion", row.label}, {"benchmark", benchmarks[i]}}, *own[i]);
  }
}

}  // namespace oodml::sweep
