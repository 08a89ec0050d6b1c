#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace oodml::data {

struct Readable {
  std::shared_ptr<const Dataset> dataset;
  std::vector<std::string> skipped;
};

/// Decodes every sample once, on `threads` threads, and gives a dataset without those that fail, with their names and
/// reasons. kDataLoss for classes of which nothing is left.
Result<Readable> drop_unreadable(std::shared_ptr<const Dataset> dataset, std::int64_t threads);

}  // namespace oodml::data
