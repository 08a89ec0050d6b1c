#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/open_remembered.h"
#include "core/splits/split_file_name.h"

namespace oodml::data {

/// Which images, in the words of a trial's keys.
struct ImagesRequest {
  BenchmarkPlace place;
  std::string split = "default";  ///< An id, or the benchmark's own train and test classes.
  std::filesystem::path split_file = splits::kUsualSplitFile;  ///< In the benchmark's folder, or an absolute path.
  std::string validation = "none";                             ///< none, split, classes, samples
  double validation_fraction = 0.2;
  std::int64_t images_per_class = 0;  ///< 0: all
  std::uint64_t seed = 0;             ///< Draws the images that `samples` keeps back where they are drawn.
  bool skip_unreadable = false;       ///< Leave damaged images out, at the price of decoding all.
  std::int64_t threads = 1;           ///< Which do that.
};

struct OpenedSets {
  OpenedBenchmark from;
  std::optional<double> fid;                         ///< Of the split, where its file gives one.
  std::vector<std::shared_ptr<const Dataset>> sets;  ///< In the order asked for.
};

/// The one way from a benchmark's name to the images of its sets (train, val, test, super, all), for trials and for
/// every command: what `datasets list` prints is what a trial reads. The folder is opened, the split's classes are
/// chosen and validation is cut off, the sets are selected, and what cannot be read is left out where that is asked
/// for. What is odd about the folder, images that were left out and classes with a single image go to `warn`. The set
/// `all` asks nothing of a split.
Result<OpenedSets> open_sets(const ImagesRequest& request, const std::vector<std::string>& names, const Warn& warn);

}  // namespace oodml::data
