#include "coordinator/cli/local/trial_reads.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/params.h"
#include "core/catalogue/weights.h"

namespace oodml::cli {
namespace {

constexpr std::array<std::string_view, 6> kKeysOfData = {"benchmark",      "split", "split_file",
                                                         "test_benchmark", "arch",  "weights"};

identity::TrialReads reads_of(const Params& values) {
  identity::TrialReads reads{.benchmark = values.value_or<std::string>("benchmark", "")};
  reads.split = values.value_or("split", reads.split);
  reads.split_file = values.value_or("split_file", reads.split_file);
  reads.test_benchmark = values.value_or("test_benchmark", reads.test_benchmark);
  reads.weights = catalogue::weights_file(values);
  return reads;
}

/// The few values that matter, of a trial that another program may have written.
Params values_of_data(const v1::TrialSpec& spec) {
  Params values;
  for (const auto& setting : spec.settings()) {
    if (std::ranges::find(kKeysOfData, setting.key()) == kKeysOfData.end()) continue;
    if (const Result<Value> value = parse_value(setting.value())) values.set(setting.key(), *value);
  }
  return values;
}

}  // namespace

std::vector<identity::TrialReads> reads_of(const job::SweepPlan& plan) {
  std::vector<identity::TrialReads> reads;
  for (const job::PlannedTrial& trial : plan.trials) reads.push_back(reads_of(trial.spec.values));
  return reads;
}

std::vector<identity::TrialReads> reads_of(const v1::PlanReply& plan) {
  std::vector<identity::TrialReads> reads;
  for (const auto& trial : plan.planned()) {
    if (trial.state() != "succeeded") reads.push_back(reads_of(values_of_data(trial.spec())));
  }
  return reads;
}

}  // namespace oodml::cli
