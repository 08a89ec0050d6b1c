#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/data/open_sets.h"
#include "core/trial/trial_settings.h"

namespace oodml::trial {

/// The training set and the sets to evaluate, opened.
struct TrialData {
  std::shared_ptr<const data::Dataset> train;
  std::vector<std::pair<std::string, std::shared_ptr<const data::Dataset>>> sets;  ///< in the order asked for
  std::shared_ptr<const data::Dataset> validation;  ///< What a sampler looks at; null where none does.
  std::optional<double> fid;                        ///< Of the split, where its file gives one.
};

using data::Warn;

/// The images of the trial's own benchmark in `folder`.
data::ImagesRequest own_images(const TrialSettings& settings, std::filesystem::path folder);
/// Those of its test_benchmark, of which the default test set is read.
data::ImagesRequest other_test_images(const TrialSettings& settings, std::filesystem::path folder);

/// Opens the sets in <benchmarks root>/<benchmark>. What open_sets has to say goes to `warn`.
Result<TrialData> open_data(const TrialSettings& settings, const std::filesystem::path& benchmarks_root,
                            const Warn& warn);

}  // namespace oodml::trial
