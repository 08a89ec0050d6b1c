#pragma once

#include <memory>

#include "core/base/seeds.h"
#include "core/data/dataset.h"

namespace oodml::pads {

/// The images that train and those that validate.
struct TrainingSplit {
  std::shared_ptr<const data::Dataset> train, validation;
};

/// The images of both sets pooled and split again at random, each set as large as before. `by_class`: whole classes
/// change sides; else every class keeps its number of images on either side, and only which ones is drawn. Sets of one
/// source. Source: Roth et al., CVPR 2020 (published code); docs/samplers.md#pads.
TrainingSplit scrambled(const TrainingSplit& split, bool by_class, Random& random);

}  // namespace oodml::pads
