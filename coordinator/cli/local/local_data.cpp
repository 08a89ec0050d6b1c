#include "coordinator/cli/local/local_data.h"

#include <set>

namespace oodml::cli {

job::DataStamps local_data(const std::vector<identity::TrialReads>& trials, const DataRoots& roots,
                           const std::filesystem::path& memory) {
  const SystemClock clock;
  identity::DataReader reader(memory, clock);
  job::DataStamps stamps;
  // Most trials read the same.
  for (const identity::TrialReads& reads : std::set<identity::TrialReads>(trials.begin(), trials.end())) {
    stamps.merge(reader.of_trial(reads, roots.benchmarks, roots.weights));
  }
  return stamps;
}

}  // namespace oodml::cli
