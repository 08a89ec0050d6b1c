#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/data/loader.h"
#include "core/few_shot/options.h"
#include "core/models/backbone.h"
#include "core/samplers/batch_sampler.h"

namespace oodml::few_shot {

/// The batches of an episode: class_random on its support, floor(support / batch_size) batches a pass but at least one,
/// passes until there are enough (docs/few_shot.md#adaptation).
class SupportBatches {
 public:
  virtual ~SupportBatches() = default;
  /// The next batch, without end. The failure names an image that cannot be read.
  virtual Result<data::Batch> next() = 0;
};

/// Images in the training transform, augmented anew at every step.
Result<std::unique_ptr<SupportBatches>> image_batches(std::shared_ptr<const data::Dataset> support,
                                                      const FewShotOptions& options, const Training& training,
                                                      Seeds seeds);

/// The pooled features of `views` augmentations of every support image, as the `images` of its batches: each image of a
/// batch draws one of its views. `features` [views * support, F], view v of image i in row v * support + i.
Result<std::unique_ptr<SupportBatches>> feature_batches(std::shared_ptr<const data::Dataset> support,
                                                        torch::Tensor features, const FewShotOptions& options,
                                                        Seeds seeds);

/// Those features, of a network that is left as it is; nothing when keep_going said no.
Result<std::optional<torch::Tensor>> view_features(models::Network& network,
                                                   const std::shared_ptr<const data::Dataset>& support,
                                                   const FewShotOptions& options, const Training& training, Seeds seeds,
                                                   const std::function<bool()>& keep_going);

}  // namespace oodml::few_shot
