#include "tests/core/samplers/datasets.h"

#include <numbers>

namespace oodml::testing {

std::shared_ptr<const data::Dataset> dataset_of(const std::vector<std::int64_t>& sizes) {
  auto dataset = std::make_shared<data::Dataset>();
  for (std::size_t label = 0; label < sizes.size(); ++label) {
    dataset->class_names.push_back("c" + std::to_string(label));
    auto& positions = dataset->by_class.emplace_back();
    for (std::int64_t i = 0; i < sizes[label]; ++i) {
      positions.push_back(static_cast<std::int64_t>(dataset->samples.size()));
      dataset->samples.push_back({.image = positions.back(), .label = static_cast<std::int64_t>(label)});
    }
  }
  return dataset;
}

samplers::SamplerContext context_of(std::shared_ptr<const data::Dataset> dataset, std::int64_t batch_size,
                                    std::int64_t samples_per_class, std::int64_t steps) {
  return {.dataset = std::move(dataset),
          .batch_size = batch_size,
          .samples_per_class = samples_per_class,
          .steps_per_epoch = steps,
          .seeds = Seeds(42)};
}

std::int64_t label_of(const data::Dataset& dataset, std::int64_t position) {
  return dataset.samples.at(static_cast<std::size_t>(position)).label;
}

torch::Tensor points_on_a_circle() {
  const auto angles =
      at::tensor(std::vector<double>{0, 11, 40, 29, 63, 90, 104, 170}, at::kDouble) * (std::numbers::pi / 180.0);
  const auto points = at::stack({angles.cos(), angles.sin(), at::full_like(angles, 0.5)}, 1);
  return points / points.norm(2, {1}, /*keepdim=*/true);
}

}  // namespace oodml::testing
