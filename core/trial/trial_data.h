#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/data/benchmark.h"
#include "core/trial/trial_settings.h"

namespace oodml::trial {

/// The training set and the sets to evaluate, opened.
struct TrialData {
  std::shared_ptr<const data::Dataset> train;
  std::vector<std::pair<std::string, std::shared_ptr<const data::Dataset>>> sets;  ///< in the order asked for
  std::optional<double> fid;  ///< Of the split, where its file gives one.
};

using Warn = std::function<void(std::string)>;

/// Opens <benchmarks root>/<benchmark> and selects the sets. Files and images that were left out, and classes
/// with a single image, go to `warn`.
Result<TrialData> open_data(const TrialSettings& settings, const std::filesystem::path& benchmarks_root,
                            const Warn& warn);

}  // namespace oodml::trial
