#include "core/images/crop.h"

#include <algorithm>
#include <cmath>

namespace oodml::images {
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

Box random_crop(const Size& image, std::int64_t side, Random& random) {
  const std::int64_t top = random.below(image.height - side + 1);
  const std::int64_t left = random.below(image.width - side + 1);
  return {top, left, side, side};
}

Box centre_crop(const Size& image, std::int64_t side) {
  Box box{0, 0, std::min(image.height, side), std::min(image.width, side)};
  if (image.height > side) box.top = round_half_even(static_cast<double>(image.height - side) / 2.0);
  if (image.width > side) box.left = round_half_even(static_cast<double>(image.width - side) / 2.0);
  return box;
}

Size shorter_side_to(const Size& image, std::int64_t shorter) {
  if (image.width <= image.height) return {shorter, shorter * image.height / image.width};
  return {shorter * image.width / image.height, shorter};
}

}  // namespace oodml::images
