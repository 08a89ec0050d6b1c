#include "core/images/rotate.h"

#include <algorithm>

namespace oodml::images {
namespace {

std::int64_t floor_of_half(std::int64_t value) { return value >= 0 ? value / 2 : -((1 - value) / 2); }

}  // namespace

Image rotated_on_canvas(const Image& image, std::int64_t turns) {
  const std::int64_t quarter = ((turns % 4) + 4) % 4;
  if (quarter == 0) return image;
  const std::int64_t width = image.width, height = image.height;
  // Where output (0, 0) comes from, the floor of what the rotation about the centre gives.
  const std::int64_t sum = floor_of_half(width + height - 1);
  const std::int64_t down = floor_of_half(height - width + 1), across = floor_of_half(width - height + 1);

  Image output{.width = width, .height = height, .pixels = std::vector<std::uint8_t>(image.pixels.size(), 0)};
  std::uint8_t* pixel = output.pixels.data();
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x, pixel += 3) {
      const std::int64_t from_x = quarter == 1 ? sum - y : quarter == 2 ? width - 1 - x : across + y;
      const std::int64_t from_y = quarter == 1 ? down + x : quarter == 2 ? height - 1 - y : sum - x;
      if (from_x < 0 || from_x >= width || from_y < 0 || from_y >= height) continue;
      std::copy_n(image.pixels.data() + 3 * (from_y * width + from_x), 3, pixel);
    }
  }
  return output;
}

}  // namespace oodml::images
