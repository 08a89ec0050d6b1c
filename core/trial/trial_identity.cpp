#include "core/trial/trial_identity.h"

#include "core/base/cache_folder.h"
#include "core/base/results_version.h"
#include "core/catalogue/weights.h"
#include "core/identity/data_reader.h"
#include "core/trial/trial_scripts.h"

namespace oodml::trial {

job::Identity trial_identity(const job::TrialSpec& spec, const TrialSettings& settings, const Places& places,
                             const Clock& clock) {
  const std::filesystem::path cache = cache_folder();
  identity::DataReader reader(cache.empty() ? cache : cache / "hashes", clock);
  const identity::TrialReads reads = {.benchmark = settings.benchmark,
                                      .split = settings.split,
                                      .split_file = settings.split_file,
                                      .test_benchmark = settings.test_benchmark,
                                      .weights = catalogue::weights_file(settings.backbone, settings.weights)};
  job::DataStamps stamps = reader.of_trial(reads, places.benchmarks_root, places.weights_root);
  stamps.merge(script_stamps(spec));
  return {.results_version = kResultsVersion, .program = OODML_VERSION, .data = job::stamps_text(stamps)};
}

}  // namespace oodml::trial
