#include "coordinator/cli/local/local_data.h"

#include <set>

#include "coordinator/cli/local/trial_reads.h"

namespace oodml::cli {

job::DataStamps local_data(const v1::PlanReply& plan, const DataRoots& roots, const std::filesystem::path& memory) {
  const SystemClock clock;
  identity::DataReader reader(memory, clock);
  job::DataStamps stamps;
  std::set<std::string> seen;  // most trials read the same
  for (const auto& trial : plan.planned()) {
    const identity::TrialReads reads = reads_of(trial.spec());
    const std::string key = reads.benchmark + '\0' + reads.split + '\0' + reads.split_file + '\0' +
                            reads.test_benchmark + '\0' + reads.weights;
    if (seen.insert(key).second) stamps.merge(reader.of_trial(reads, roots.benchmarks, roots.weights));
  }
  return stamps;
}

}  // namespace oodml::cli
