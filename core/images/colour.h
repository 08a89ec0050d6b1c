#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/base/seeds.h"

namespace oodml::images {

// Colour operations on 8-bit RGB in place, with the levels that Pillow 9.5 and torchvision give
// (docs/data.md#pipelines). `rgb` holds three levels a pixel.

/// L = (19595 R + 38470 G + 7471 B + 32768) >> 16 in all three channels.
void make_grey(std::span<std::uint8_t> rgb);

/// A blend with black, with the constant round(mean of L), and with L; factor 1 changes nothing, 0 leaves the other.
void adjust_brightness(std::span<std::uint8_t> rgb, double factor);
void adjust_contrast(std::span<std::uint8_t> rgb, double factor);
void adjust_saturation(std::span<std::uint8_t> rgb, double factor);

/// Adds trunc(255 * shift), modulo 256, to H of an 8-bit HSV conversion; shift in [-0.5, 0.5].
void shift_hue(std::span<std::uint8_t> rgb, double shift);

/// torchvision's ColorJitter(0.2, 0.2, 0.2, 0.2): the four operations in a random order.
struct ColourJitter {
  enum class Operation { kBrightness, kContrast, kSaturation, kHue };

  std::array<Operation, 4> order = {Operation::kBrightness, Operation::kContrast, Operation::kSaturation,
                                    Operation::kHue};
  double brightness = 1.0, contrast = 1.0, saturation = 1.0, hue = 0.0;

  /// Order, then factors from U(0.8, 1.2) and the shift from U(-0.2, 0.2).
  static ColourJitter drawn(Random& random);
  void apply(std::span<std::uint8_t> rgb) const;
};

}  // namespace oodml::images
