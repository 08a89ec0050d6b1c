#include "coordinator/cli/local/trial_reads.h"

#include "core/base/params.h"
#include "core/catalogue/weights.h"

namespace oodml::cli {
namespace {

std::string text_of(const Params& values, const std::string& key, const std::string& fallback) {
  const Value* value = values.find(key);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? fallback : *text;
}

}  // namespace

identity::TrialReads reads_of(const v1::TrialSpec& spec) {
  Params values;  // of the few keys that matter
  for (const auto& setting : spec.settings()) {
    for (const char* key : {"benchmark", "split", "split_file", "test_benchmark", "arch", "weights"}) {
      if (setting.key() != key) continue;
      if (const Result<Value> value = parse_value(setting.value())) values.set(key, *value);
    }
  }
  identity::TrialReads reads{.benchmark = text_of(values, "benchmark", "")};
  reads.split = text_of(values, "split", reads.split);
  reads.split_file = text_of(values, "split_file", reads.split_file);
  reads.test_benchmark = text_of(values, "test_benchmark", reads.test_benchmark);
  reads.weights = catalogue::weights_file(values);
  return reads;
}

}  // namespace oodml::cli
