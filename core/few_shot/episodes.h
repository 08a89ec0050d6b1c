#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/open_sets.h"

namespace oodml::few_shot {

/// Positions in the test set. Every class of the test set has its support in the order of the episode's list and all
/// its other images as queries; or, in SOP's form, the classes of the episode are support and the others queries.
struct Episode {
  std::vector<std::int64_t> support, query;
};

/// The test set of a split with its episodes.
struct Episodes {
  std::shared_ptr<const data::Dataset> test;  ///< Of all images that can be read.
  std::vector<Episode> episodes;
};

/// Opens the first `episodes` episodes of `shots` shots of the split that `images` names. Support is taken from all
/// images of a class; images_per_class limits the queries. Fewer episodes than asked for and images that were left out
/// are told to `warn`. Failures name the split file, the episode, the class and the image: no episodes of so many shots
/// (with those there are), a class or a support image that is not on disk, a class that keeps fewer than two queries.
/// Source: docs/few_shot.md#episodes.
Result<Episodes> open_episodes(const data::ImagesRequest& images, std::int64_t shots, std::int64_t episodes,
                               const data::Warn& warn);

/// The images at `positions` of a set, its classes numbered anew in the set's order, those without an image left out.
std::shared_ptr<const data::Dataset> part_of(const data::Dataset& set, const std::vector<std::int64_t>& positions);

}  // namespace oodml::few_shot
