#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/data/choose_sets.h"
#include "core/data/dataset.h"

namespace oodml::data {

/// Which images of its classes a set has.
struct SampleRequest {
  std::int64_t images_per_class = 0;  ///< > 0: only the first so many, before any are held out.
  double validation_fraction = 0.2;   ///< Share of a class's images that validates where sets.cuts_samples.
  std::uint64_t seed = 0;             ///< Draws them for SampleCut::kDrawn.
};

/// One set: train, test, val; super: the training images labelled by superclass, those in order of their ids
/// (docs/data.md#superclasses); all: every class of the benchmark in its order. kInvalidArgument for other names, for
/// val without validation, for super without superclasses; else failures as select_classes has them.
Result<std::shared_ptr<const Dataset>> select_set(const Benchmark& benchmark, const ChosenSets& sets,
                                                  std::string_view set, const SampleRequest& request);

/// The positions of n images of a class that stay for training, ascending (docs/data.md#validation): share_kept(n,
/// fraction) of them, fewer for kSpread where rounding meets one twice. `name` is the class, `seed` the trial's:
/// together they name the random stream of kDrawn.
std::vector<std::int64_t> training_positions(std::int64_t n, double fraction, SampleCut how, const std::string& name,
                                             std::uint64_t seed);

}  // namespace oodml::data
