#include "core/data/transform.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace oodml::data {
namespace {

constexpr double kMinAspect = 3.0 / 4.0;
constexpr double kMaxAspect = 4.0 / 3.0;

/// Ties to even, as Python's round; the rounding mode of the process is never changed.
std::int64_t round_half_even(double value) { return static_cast<std::int64_t>(std::nearbyint(value)); }

}  // namespace

Box random_resized_crop(const Size& image, Random& random) {
  const double area = static_cast<double>(image.width) * static_cast<double>(image.height);
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double target = random.uniform(0.08, 1.0) * area;
    const double aspect = std::exp(random.uniform(std::log(kMinAspect), std::log(kMaxAspect)));
    const std::int64_t width = round_half_even(std::sqrt(target * aspect));
    const std::int64_t height = round_half_even(std::sqrt(target / aspect));
    if (width <= 0 || width > image.width || height <= 0 || height > image.height) continue;
    const std::int64_t top = random.below(image.height - height + 1);
    const std::int64_t left = random.below(image.width - width + 1);
    return {top, left, height, width};
  }
  return fallback_crop(image);
}

Box fallback_crop(const Size& image) {
  const double aspect = static_cast<double>(image.width) / static_cast<double>(image.height);
  Box box{0, 0, image.height, image.width};
  if (aspect < kMinAspect) box.height = round_half_even(static_cast<double>(image.width) / kMinAspect);
  if (aspect > kMaxAspect) box.width = round_half_even(static_cast<double>(image.height) * kMaxAspect);
  box.top = (image.height - box.height) / 2;
  box.left = (image.width - box.width) / 2;
  return box;
}

Size shorter_side_to(const Size& image, std::int64_t shorter) {
  if (image.width <= image.height) return {shorter, shorter * image.height / image.width};
  return {shorter * image.width / image.height, shorter};
}

Transform::Transform(TransformOptions options) : options_(std::move(options)) {
  if (options_.mean.size() != 3 || options_.std.size() != 3 || options_.crop_size < 1 || options_.resize < 1) {
    throw std::invalid_argument("a transform needs three means and deviations and positive sizes");
  }
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t level = 0; level < 256; ++level) {
      const float value = static_cast<float>(level) / 255.0F;
      levels_[channel][level] = (value - options_.mean[channel]) / options_.std[channel];
    }
  }
}

void Transform::apply(const Image& image, Random& random, Scratch& scratch, float* output) const {
  if (!options_.training) {
    evaluation_crop(image, scratch);
    normalise(scratch, false, output);
    return;
  }
  training_crop(image, random_resized_crop({image.width, image.height}, random), scratch);
  normalise(scratch, random.uniform() < 0.5, output);
}

void Transform::training_crop(const Image& image, const Box& box, Scratch& scratch) const {
  const std::int64_t side = options_.crop_size;
  scratch.pixels.resize(static_cast<std::size_t>(3 * side * side));
  scratch.resizer.resize(image, box, {side, side}, {0, 0, side, side}, scratch.pixels.data(), 3 * side);
}

void Transform::evaluation_crop(const Image& image, Scratch& scratch) const {
  const std::int64_t side = options_.crop_size;
  const Size size = shorter_side_to({image.width, image.height}, options_.resize);
  // A resized image smaller than the crop is centred on black first, the odd pixel going right and below.
  const std::int64_t pad_left = size.width < side ? (side - size.width) / 2 : 0;
  const std::int64_t pad_top = size.height < side ? (side - size.height) / 2 : 0;
  Box wanted{0, 0, std::min(size.height, side), std::min(size.width, side)};
  if (size.height > side) wanted.top = round_half_even(static_cast<double>(size.height - side) / 2.0);
  if (size.width > side) wanted.left = round_half_even(static_cast<double>(size.width - side) / 2.0);

  scratch.pixels.assign(static_cast<std::size_t>(3 * side * side), 0);
  scratch.resizer.resize(image, {0, 0, image.height, image.width}, size, wanted,
                         scratch.pixels.data() + 3 * (pad_top * side + pad_left), 3 * side);
}

void Transform::normalise(const Scratch& scratch, bool flip, float* output) const {
  const std::int64_t side = options_.crop_size;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const auto& levels = levels_[channel];
    for (std::int64_t y = 0; y < side; ++y) {
      const std::uint8_t* pixel = scratch.pixels.data() + 3 * y * side + (flip ? 3 * (side - 1) : 0) + channel;
      const std::int64_t step = flip ? -3 : 3;
      for (std::int64_t x = 0; x < side; ++x, pixel += step) *output++ = levels[*pixel];
    }
  }
}

}  // namespace oodml::data
