#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/few_shot/options.h"
#include "tests/core/catalogue/default_choice.h"
#include "tests/core/images/sample_images.h"

namespace oodml::few_shot {

/// Patterned images of 20 x 20 pixels without a file.
class Patterns final : public data::ImageSource {
 public:
  Result<images::Image> load(std::int64_t index) const override {
    return images::patterned_image(20, 20, static_cast<int>(index));
  }
  std::string name(std::int64_t index) const override { return "patterns/" + std::to_string(index) + ".png"; }
};

/// `classes` classes of `images` images each.
inline std::shared_ptr<const data::Dataset> patterns(std::int64_t classes, std::int64_t images) {
  auto set = std::make_shared<data::Dataset>();
  set->source = std::make_shared<Patterns>();
  set->by_class.resize(static_cast<std::size_t>(classes));
  for (std::int64_t i = 0; i < classes * images; ++i) {
    const std::int64_t label = i / images;
    set->by_class[static_cast<std::size_t>(label)].push_back(i);
    set->samples.push_back({.image = i, .label = label});
  }
  for (std::int64_t k = 0; k < classes; ++k) set->class_names.push_back("class" + std::to_string(k));
  return set;
}

/// An episode of a few steps on the heads of a small network.
inline FewShotOptions small_options() {
  FewShotOptions options;
  options.shots = 2;
  options.criterion = testing::criterion_choice("margin", {{"beta_constant", true}, {"beta", 0.9}});
  options.miner = testing::miner_choice("distance");
  options.steps = 12;
  options.lr = 1e-2;
  options.only_last = true;
  options.views = 3;
  options.batch_size = 6;
  options.evaluation.metrics = {"e_recall@1"};
  return options;
}

inline Training small_training() {
  Training training;
  training.seeds = Seeds(4);
  training.normalize = true;
  training.evaluation_batch_size = 8;
  training.training_loader.transform.crop_size = training.evaluation_loader.transform.crop_size = 16;
  training.training_loader.transform.resize = training.evaluation_loader.transform.resize = 18;
  training.training_loader.transform.pipeline = images::Pipeline::kBase;
  return training;
}

}  // namespace oodml::few_shot
