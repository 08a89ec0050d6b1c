#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "core/base/result.h"
#include "core/train/sampling_progression.h"

namespace oodml::trial {

/// sampling_progression.csv of the run directory (docs/results.md#sampling-progression). Always the whole of what the
/// run knows, written anew: a resumed run neither repeats nor loses a line.
class ProgressionFile {
 public:
  explicit ProgressionFile(const std::filesystem::path& run_dir) : path_(run_dir / "sampling_progression.csv") {}
  /// Nothing when it stands there already.
  Status write(const train::SamplingProgression& progression);

 private:
  std::filesystem::path path_;
  std::optional<std::size_t> written_;  ///< Rows.
};

}  // namespace oodml::trial
