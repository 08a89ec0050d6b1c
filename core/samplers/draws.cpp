#include "core/samplers/draws.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace oodml::samplers {

std::int64_t one_of(const std::vector<std::int64_t>& entries, Random& random) {
  return entries[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(entries.size())))];
}

void append_images(const data::Dataset& dataset, std::int64_t label, std::int64_t count, Random& random, Batch& batch) {
  const auto& images = dataset.by_class[static_cast<std::size_t>(label)];
  for (std::int64_t i = 0; i < count; ++i) batch.push_back(one_of(images, random));
}

void append_classmates(const data::Dataset& dataset, std::int64_t count, Random& random, Batch& batch) {
  const std::size_t there = batch.size();
  for (std::size_t i = 0; i < there; ++i) {
    append_images(dataset, dataset.samples[static_cast<std::size_t>(batch[i])].label, count, random, batch);
  }
}

std::int64_t place_by(const std::vector<double>& probabilities, Random& random) {
  double left = random.uniform();
  std::size_t last = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] == 0.0) continue;
    last = i;  // rounding may leave a little after the last
    left -= probabilities[i];
    if (left < 0.0) break;
  }
  return static_cast<std::int64_t>(last);
}

std::vector<std::int64_t> distinct_below(std::int64_t total, std::int64_t count, Random& random) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(total));
  std::iota(numbers.begin(), numbers.end(), 0);
  for (std::int64_t i = 0; i < count; ++i) {  // the first steps of a Fisher-Yates shuffle
    std::swap(numbers[static_cast<std::size_t>(i)], numbers[static_cast<std::size_t>(i + random.below(total - i))]);
  }
  numbers.resize(static_cast<std::size_t>(count));
  return numbers;
}

torch::Tensor normal_numbers(std::int64_t rows, std::int64_t columns, Random& random) {
  auto numbers = at::empty({rows, columns}, at::kDouble);
  double* values = numbers.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < numbers.numel(); ++i) {  // Box and Muller; 1 - u lies in (0, 1]
    const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
    values[i] = radius * std::cos(2.0 * std::numbers::pi * random.uniform());
  }
  return numbers;
}

}  // namespace oodml::samplers
