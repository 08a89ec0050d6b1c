#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace oodml::data {

/// The samples of the named classes, in that order; labels are positions in `class_names`.
/// `images_per_class` > 0 takes the first so many of each. Classes that are not on disk are all named in
/// the failure (kNotFound), as are classes without images.
Result<std::shared_ptr<const Dataset>> select_classes(const Benchmark& benchmark,
                                                      const std::vector<std::string>& class_names,
                                                      std::int64_t images_per_class);

}  // namespace oodml::data
