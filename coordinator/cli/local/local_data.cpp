#include "coordinator/cli/local/local_data.h"

#include <set>

#include "core/catalogue/weights.h"
#include "core/identity/data_reader.h"
#include "proto/convert/job_convert.h"

namespace oodml::cli {
namespace {

std::string text_of(const Params& values, const std::string& key, const std::string& fallback) {
  const Value* value = values.find(key);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? fallback : *text;
}

identity::TrialReads reads_of(const Params& values) {
  identity::TrialReads reads{.benchmark = text_of(values, "benchmark", "")};
  reads.split = text_of(values, "split", reads.split);
  reads.split_file = text_of(values, "split_file", reads.split_file);
  reads.test_benchmark = text_of(values, "test_benchmark", reads.test_benchmark);
  reads.weights = catalogue::weights_file(values);
  return reads;
}

}  // namespace

job::DataStamps local_data(const v1::PlanReply& plan, const LocalOptions& options, const std::filesystem::path& memory) {
  const SystemClock clock;
  identity::DataReader reader(memory, clock);
  job::DataStamps stamps;
  std::set<std::string> seen;  // most trials read the same
  for (const auto& trial : plan.planned()) {
    const Result<job::TrialSpec> spec = convert::from_proto(trial.spec());
    if (!spec) continue;  // our own plan; a broken one would not have come so far
    const identity::TrialReads reads = reads_of(spec->values);
    const std::string key = reads.benchmark + '\0' + reads.split + '\0' + reads.split_file + '\0' +
                            reads.test_benchmark + '\0' + reads.weights;
    if (seen.insert(key).second) stamps.merge(reader.of_trial(reads, options.benchmarks_root, options.weights_root));
  }
  return stamps;
}

}  // namespace oodml::cli
