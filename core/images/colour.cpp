#include "core/images/colour.h"

#include <algorithm>
#include <cmath>
#include <utility>

// Float and double are mixed as Pillow mixes them: a level depends on it. Compiled without contraction to
// multiply-add, which would round once less.

namespace oodml::images {
namespace {

constexpr double kStrength = 0.2;

using Table = std::array<std::uint8_t, 256>;

int luma(const std::uint8_t* pixel) { return (pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16; }

/// Pillow's blend: interpolation truncates, and so does extrapolation after it is clipped.
std::uint8_t blended(int from, int to, float factor) {
  const float value = static_cast<float>(from) + factor * static_cast<float>(to - from);
  if (value <= 0.0F) return 0;
  return value >= 255.0F ? 255 : static_cast<std::uint8_t>(value);
}

void blend_with(std::span<std::uint8_t> rgb, int level, double factor) {
  Table table;
  for (int i = 0; i < 256; ++i) table[static_cast<std::size_t>(i)] = blended(level, i, static_cast<float>(factor));
  for (std::uint8_t& value : rgb) value = table[value];
}

std::uint8_t to_level(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

struct Hsv {
  std::uint8_t hue, saturation, value;
};

Hsv to_hsv(const std::uint8_t* pixel) {
  const std::uint8_t red = pixel[0], green = pixel[1], blue = pixel[2];
  const std::uint8_t highest = std::max({red, green, blue}), lowest = std::min({red, green, blue});
  if (highest == lowest) return {0, 0, highest};
  const auto chroma = static_cast<float>(highest - lowest);
  const float saturation = chroma / static_cast<float>(highest);
  const float from_red = static_cast<float>(highest - red) / chroma;
  const float from_green = static_cast<float>(highest - green) / chroma;
  const float from_blue = static_cast<float>(highest - blue) / chroma;
  float hue = 0.0F;
  if (red == highest) {
    hue = from_blue - from_green;
  } else if (green == highest) {
    hue = static_cast<float>(2.0 + from_red - from_blue);
  } else {
    hue = static_cast<float>(4.0 + from_green - from_red);
  }
  const double turned = hue / 6.0 + 1.0;  // in (0.8, 2): its fractional part needs no division
  hue = static_cast<float>(turned >= 1.0 ? turned - 1.0 : turned);
  return {to_level(static_cast<int>(hue * 255.0)), to_level(static_cast<int>(saturation * 255.0)), highest};
}

void from_hsv(const Hsv& hsv, std::uint8_t* pixel) {
  const std::uint8_t v = hsv.value;
  const double turn = static_cast<float>(hsv.hue) * 6.0 / 255.0;
  const int sector = static_cast<int>(turn);
  const auto rest = static_cast<float>(turn - static_cast<float>(sector));
  const auto saturation = static_cast<float>(static_cast<float>(hsv.saturation) / 255.0);
  const auto level = [v](double share) { return to_level(static_cast<int>(std::round(v * share))); };
  const std::uint8_t p = level(1.0 - saturation);
  const std::uint8_t q = level(1.0 - saturation * rest);
  const std::uint8_t t = level(1.0 - saturation * (1.0 - rest));
  const std::uint8_t sectors[6][3] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
  std::copy_n(sectors[sector % 6], 3, pixel);
}

}  // namespace

void make_grey(std::span<std::uint8_t> rgb) {
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
    const auto level = static_cast<std::uint8_t>(luma(&rgb[i]));
    rgb[i] = rgb[i + 1] = rgb[i + 2] = level;
  }
}

void adjust_brightness(std::span<std::uint8_t> rgb, double factor) { blend_with(rgb, 0, factor); }

void adjust_contrast(std::span<std::uint8_t> rgb, double factor) {
  if (rgb.empty()) return;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) sum += luma(&rgb[i]);
  const double mean = static_cast<double>(sum) / static_cast<double>(rgb.size() / 3);
  blend_with(rgb, static_cast<int>(mean + 0.5), factor);
}

void adjust_saturation(std::span<std::uint8_t> rgb, double factor) {
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
    const int grey = luma(&rgb[i]);
    for (std::size_t c = i; c < i + 3; ++c) rgb[c] = blended(grey, rgb[c], static_cast<float>(factor));
  }
}

void shift_hue(std::span<std::uint8_t> rgb, double shift) {
  const int steps = static_cast<int>(shift * 255.0);
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
    Hsv hsv = to_hsv(&rgb[i]);
    if (hsv.saturation == 0) {  // Pillow gives back the value alone
      rgb[i] = rgb[i + 1] = rgb[i + 2] = hsv.value;
      continue;
    }
    hsv.hue = static_cast<std::uint8_t>(hsv.hue + steps);
    from_hsv(hsv, &rgb[i]);
  }
}

ColourJitter ColourJitter::drawn(Random& random) {
  ColourJitter jitter;
  for (std::size_t i = jitter.order.size() - 1; i > 0; --i) {
    std::swap(jitter.order[i], jitter.order[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i) + 1))]);
  }
  for (double* factor : {&jitter.brightness, &jitter.contrast, &jitter.saturation}) {
    *factor = random.uniform(1.0 - kStrength, 1.0 + kStrength);
  }
  jitter.hue = random.uniform(-kStrength, kStrength);
  return jitter;
}

void ColourJitter::apply(std::span<std::uint8_t> rgb) const {
  for (const Operation operation : order) {
    switch (operation) {
      case Operation::kBrightness:
        adjust_brightness(rgb, brightness);
        break;
      case Operation::kContrast:
        adjust_contrast(rgb, contrast);
        break;
      case Operation::kSaturation:
        adjust_saturation(rgb, saturation);
        break;
      case Operation::kHue:
        shift_hue(rgb, hue);
        break;
    }
  }
}

}  // namespace oodml::images
